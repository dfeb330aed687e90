using Hafen.Oci.Runtime;

namespace Hafen.Linux.Cgroups;

/// <summary>
/// A container's cgroup: one directory in every hierarchy (v1), or one in the tree (v2). The object holds the path, and,
/// between <see cref="Create"/> or <see cref="OpenForJoin"/> and <see cref="CloseJoin"/>, the descriptors a new process needs to enter.
/// </summary>
public sealed class Cgroup : IDisposable
{
    private Cgroup(CgroupHierarchies hierarchies, string path)
    {
        Hierarchies = hierarchies;
        Path = path;
    }

    public CgroupHierarchies Hierarchies { get; }

    /// <summary>The path below each hierarchy's mount point, starting with a slash: <c>/hafen/&lt;id&gt;</c>.</summary>
    public string Path { get; }

    /// <summary>
    /// v1: descriptors of the <c>tasks</c> files. The child writes the single character <c>0</c> into each, which moves the writer;
    /// writing by the task itself into <c>tasks</c> avoids the global lock that <c>cgroup.procs</c> takes. Empty on pure v2.
    /// </summary>
    public ReadOnlySpan<int> JoinFiles => default;

    /// <summary>The v2 directory's descriptor for <c>CLONE_INTO_CGROUP</c>; -1 when there is none to clone into.</summary>
    public int CloneTarget => -1;

    /// <summary>
    /// Makes the cgroup, applies the limits and opens the join descriptors. On failure everything made is removed again.
    /// </summary>
    /// <exception cref="CgroupException">A limit asked for cannot be applied on this host, or the cgroup is in use.</exception>
    public static Cgroup Create(CgroupHierarchies hierarchies, string path, SpecResources? resources) => throw new NotSupportedException();

    /// <summary>The cgroup at a path, without touching the kernel: it may be partly or wholly gone.</summary>
    public static Cgroup Open(CgroupHierarchies hierarchies, string path) => new(hierarchies, path);

    /// <summary>Opens the join descriptors of an existing cgroup, for <c>exec</c>.</summary>
    public void OpenForJoin() => throw new NotSupportedException();

    /// <summary>Closes the join descriptors.</summary>
    public void CloseJoin() => throw new NotSupportedException();

    /// <summary>Moves a process, all its threads, into the cgroup from outside.</summary>
    public void Add(int pid) => throw new NotSupportedException();

    /// <summary>Whether any of its directories exists.</summary>
    public bool Exists => throw new NotSupportedException();

    /// <summary>Changes limits of a running container; absent members stay as they are.</summary>
    public void Update(SpecResources resources) => throw new NotSupportedException();

    /// <summary>Stops all tasks; returns when the kernel says they are frozen.</summary>
    public void Freeze() => throw new NotSupportedException();

    public void Thaw() => throw new NotSupportedException();

    public FreezerState State => throw new NotSupportedException();

    /// <summary>The processes in the cgroup and in cgroups below it, as the caller's pid namespace numbers them.</summary>
    public int[] Pids() => throw new NotSupportedException();

    /// <summary>Sends a signal to every process of the cgroup and those below it. Thaws first when the signal is SIGKILL.</summary>
    public void Kill(int signal) => throw new NotSupportedException();

    /// <summary>How many tasks the kernel has killed here for lack of memory.</summary>
    public long OomKills() => throw new NotSupportedException();

    /// <summary>Whether the kernel has killed a task here for lack of memory.</summary>
    public bool OomKilled() => OomKills() > 0;

    /// <summary>Whether the container's memory cgroup is out of memory right now with the killer disabled (v1 <c>under_oom</c>).</summary>
    public CgroupStats Stats() => throw new NotSupportedException();

    /// <summary>
    /// Removes the directories, waiting a bounded time for tasks that are just dying. Cgroups below that the container itself made
    /// are removed too. Works from the path alone and when parts are gone already.
    /// </summary>
    public void Destroy() => throw new NotSupportedException();

    /// <summary>The absolute directories, by hierarchy label.</summary>
    public IReadOnlyDictionary<string, string> Directories => throw new NotSupportedException();

    public void Dispose() => CloseJoin();
}
