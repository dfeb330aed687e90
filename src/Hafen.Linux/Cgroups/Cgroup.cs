using System.Globalization;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Procfs;
using Hafen.Oci.Runtime;

namespace Hafen.Linux.Cgroups;

/// <summary>
/// A container's cgroup: one directory in every hierarchy (v1), or one in the tree (v2). The object holds the path, and,
/// between <see cref="Create"/> or <see cref="OpenForJoin"/> and <see cref="CloseJoin"/>, the descriptors a new process needs to enter.
/// Not for use by several threads at once.
/// </summary>
public sealed class Cgroup : IDisposable
{
    private readonly CgroupDirectorySet _directories;
    private int[] _joinFiles = [];

    private Cgroup(CgroupHierarchies hierarchies, string path)
    {
        Hierarchies = hierarchies;
        Path = CgroupPath.Normalize(path);
        _directories = new CgroupDirectorySet(hierarchies, Path);
    }

    public CgroupHierarchies Hierarchies { get; }

    /// <summary>The path below each hierarchy's mount point, starting with a slash: <c>/hafen/&lt;id&gt;</c>.</summary>
    public string Path { get; }

    /// <summary>
    /// v1: descriptors of the <c>tasks</c> files. The child writes the single character <c>0</c> into each, which moves the writer;
    /// a single task moving itself avoids the global lock that <c>cgroup.procs</c> takes. Empty on pure v2.
    /// </summary>
    public ReadOnlySpan<int> JoinFiles => _joinFiles;

    /// <summary>The v2 directory's descriptor for <c>CLONE_INTO_CGROUP</c>; -1 when there is none to clone into.</summary>
    public int CloneTarget { get; private set; } = -1;

    /// <summary>The absolute directories, by hierarchy label (see <see cref="CgroupHierarchy.Label"/>).</summary>
    public IReadOnlyDictionary<string, string> Directories =>
        _directories.All.ToDictionary(directory => directory.Hierarchy.Label, directory => directory.FullPath);

    /// <summary>Whether any of its directories exists.</summary>
    public bool Exists => Array.Exists(_directories.All, directory => directory.Exists);

    /// <summary>
    /// Makes the cgroup, applies the limits and opens the join descriptors. On failure everything made is removed again.
    /// </summary>
    /// <exception cref="CgroupException">A limit asked for cannot be applied on this host, or the cgroup is in use.</exception>
    /// <exception cref="LinuxException">The kernel refuses a directory or file.</exception>
    public static Cgroup Create(CgroupHierarchies hierarchies, string path, SpecResources? resources)
    {
        // 1. Decide, and refuse what cannot be, before anything exists.
        var cgroup = new Cgroup(hierarchies, path);
        var plan = PlanFor(hierarchies, resources);
        // A new cgroup has no limits yet.
        plan.RemoveAll(setting => setting is { Optional: true, Value: "max" or "-1" });
        CgroupSettingWriter.CheckControllers(hierarchies, plan);
        var devices = DevicePolicy.ForContainer(resources?.Devices);

        var made = new List<CgroupDirectory>();
        try
        {
            // 2. The directories.
            foreach (var directory in cgroup._directories.All)
            {
                CgroupCreation.Make(directory);
                made.Add(directory);
            }

            // 3. The limits, while nobody is inside.
            CgroupSettingWriter.Apply(cgroup._directories, plan);
            cgroup.ApplyDevices(devices, isNew: true);

            // 4. What the child needs to enter.
            cgroup.OpenForJoin();
            return cgroup;
        }
        catch
        {
            cgroup.CloseJoin();
            CgroupRemoval.Remove(made);
            throw;
        }
    }

    /// <summary>The cgroup at a path, without touching the kernel: it may be partly or wholly gone.</summary>
    public static Cgroup Open(CgroupHierarchies hierarchies, string path) => new(hierarchies, path);

    /// <summary>Opens the join descriptors of an existing cgroup, for <c>exec</c>.</summary>
    /// <param name="init">
    /// The container's first process. In v2 a container that made cgroups of its own has moved it below, and only there processes may
    /// be; a newcomer follows it.
    /// </param>
    /// <exception cref="LinuxException">The cgroup is gone.</exception>
    public void OpenForJoin(int? init = null)
    {
        CloseJoin();
        if (Hierarchies.Mode == CgroupMode.Unified)
        {
            var target = init is int pid ? PlaceOf(pid) : _directories.All[0];
            CloneTarget = Opened(target, default, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
            return;
        }

        var files = new List<int>(_directories.All.Length);
        try
        {
            foreach (var directory in _directories.All)
                files.Add(Opened(directory, "tasks", OpenFlags.O_WRONLY));
        }
        finally
        {
            _joinFiles = [.. files];
        }
    }

    /// <summary>Closes the join descriptors.</summary>
    public void CloseJoin()
    {
        foreach (int descriptor in _joinFiles)
            CgroupCalls.Close(descriptor);
        _joinFiles = [];
        if (CloneTarget >= 0)
            CgroupCalls.Close(CloneTarget);
        CloneTarget = -1;
    }

    /// <summary>Moves a process, all its threads, into the cgroup from outside.</summary>
    /// <exception cref="LinuxException">The process or the cgroup is gone.</exception>
    public void Add(int pid)
    {
        string text = pid.ToString(CultureInfo.InvariantCulture);
        foreach (var directory in _directories.All)
        {
            int result = directory.Write("cgroup.procs", text);
            if (result < 0)
                throw new LinuxException(-result, "write", $"{directory.FullPath}/cgroup.procs");
        }
    }

    /// <summary>Changes limits of a running container; absent members stay as they are.</summary>
    /// <returns>Puts back what the limits were, device rules excepted.</returns>
    /// <exception cref="CgroupException">A limit asked for cannot be applied; then all of them are what they were.</exception>
    public PreviousSettings Update(SpecResources resources)
    {
        IReadOnlyList<CgroupSetting> plan = PlanFor(Hierarchies, resources);
        CgroupSettingWriter.CheckControllers(Hierarchies, plan);
        var devices = resources.Devices is null ? null : DevicePolicy.ForContainer(resources.Devices);
        if (resources.Memory is { CheckBeforeUpdate: true, Limit: > 0 and long limit } && Usage() is ulong usage && usage > (ulong)limit)
            throw new CgroupException($"rejecting memory limit {limit} < usage {usage}");
        var previous = PreviousSettings.Read(_directories, plan);
        try
        {
            CgroupSettingWriter.Apply(_directories, plan);
            if (devices is not null)
                ApplyDevices(devices, isNew: false);
            return previous;
        }
        catch
        {
            previous.Restore();
            throw;
        }
    }

    /// <summary>Stops all tasks; returns when the kernel says they are frozen.</summary>
    /// <exception cref="CgroupException">The host has no freezer, or the tasks cannot be stopped (they run again then).</exception>
    public void Freeze() => CgroupFreezer.Freeze(Freezer());

    /// <summary>Lets the tasks run again.</summary>
    public void Thaw() => CgroupFreezer.Thaw(Freezer());

    /// <summary>Whether the tasks run; a cgroup that is gone counts as thawed.</summary>
    public FreezerState State => _directories.For("freezer") is { } directory ? CgroupFreezer.State(directory) : FreezerState.Thawed;

    /// <summary>
    /// The processes in the cgroup and in cgroups below it, as the caller's pid namespace numbers them. Empty when it is gone.
    /// </summary>
    public int[] Pids() => _directories.Present() is { } directory ? [.. CgroupProcesses.List(directory)] : [];

    /// <summary>
    /// Sends a signal to every process of the cgroup and those below it. For SIGKILL nothing can escape by forking: v2 kills in the
    /// kernel, v1 is frozen meanwhile; a paused container dies too.
    /// </summary>
    public void Kill(int signal)
    {
        var directory = _directories.Present();
        if (directory is null)
            return;
        // Since Linux 5.14.
        if (signal == CgroupProcesses.SIGKILL && directory.Hierarchy.IsUnified && directory.Write("cgroup.kill", "1") == 0)
            return;
        bool frozen = signal == CgroupProcesses.SIGKILL && TryFreeze();
        Signal(directory, signal, untilNoneIsNew: signal == CgroupProcesses.SIGKILL && !frozen);
        if (frozen)
            Thaw();
    }

    /// <summary>How many tasks the kernel has killed here for lack of memory; zero when unknown.</summary>
    public long OomKills()
    {
        var directory = _directories.For("memory");
        string? text = directory?.ReadText(directory.Hierarchy.IsUnified ? "memory.events" : "memory.oom_control");
        return text is null ? 0 : (long)CgroupText.Value(text, "oom_kill");
    }

    /// <summary>Whether the kernel has killed a task here for lack of memory.</summary>
    public bool OomKilled() => OomKills() > 0;

    /// <summary>Watches for lack of memory here; null where the kernel does not tell.</summary>
    public OomWatch? WatchOom() => _directories.For("memory") is { } directory ? OomWatch.Open(directory) : null;

    /// <summary>The counters at this moment.</summary>
    public CgroupStats Stats() => CgroupStatsReader.Read(_directories);

    /// <summary>
    /// Removes the directories, waiting a bounded time for tasks that are just dying. Cgroups below that the container itself made
    /// are removed too. Works from the path alone and when parts are gone already.
    /// </summary>
    /// <exception cref="CgroupException">Tasks remain. What could be removed is gone.</exception>
    public void Destroy()
    {
        CloseJoin();
        if (CgroupRemoval.Remove(_directories.All) is not (CgroupDirectory directory, int errno))
            return;
        throw new CgroupException(
            $"cannot remove cgroup {directory.FullPath}: {Errno.Text(errno)}", new LinuxException(errno, "rmdir", directory.FullPath));
    }

    public void Dispose() => CloseJoin();

    private static List<CgroupSetting> PlanFor(CgroupHierarchies hierarchies, SpecResources? resources) =>
        resources is null ? [] : hierarchies.Mode == CgroupMode.Unified ? UnifiedSettings.Plan(resources) : LegacySettings.Plan(resources);

    private void ApplyDevices(DevicePolicy policy, bool isNew)
    {
        var directory = _directories.For("devices");
        if (directory is null)
        {
            // A container that may use every device needs no controller.
            if (policy.AllowsByDefault && policy.Exceptions.Count == 0)
                return;
            throw new CgroupException("cannot restrict devices: this host has no cgroup controller \"devices\"");
        }

        if (directory.Hierarchy.IsUnified)
            DeviceRules.Attach(directory, policy, isNew);
        else
            DeviceRules.Write(directory, policy, isNew);
    }

    /// <summary>Without a freezer a process may have forked while the list was read: then those are signalled, too.</summary>
    private static void Signal(CgroupDirectory directory, int signal, bool untilNoneIsNew)
    {
        const int MostRounds = 1000;
        var reached = new HashSet<int>();
        for (int round = 0; round < MostRounds; round++)
        {
            int before = reached.Count;
            foreach (int pid in CgroupProcesses.List(directory))
            {
                if (reached.Add(pid))
                    CgroupCalls.Signal(pid, signal);
            }

            if (!untilNoneIsNew || reached.Count == before)
                return;
        }
    }

    private CgroupDirectory Freezer() =>
        _directories.For("freezer") ?? throw new CgroupException("cannot pause: this host has no cgroup controller \"freezer\"");

    private bool TryFreeze()
    {
        try
        {
            Freeze();
            return true;
        }
        catch (Exception exception) when (exception is CgroupException or LinuxException)
        {
            return State != FreezerState.Thawed;
        }
    }

    private ulong? Usage()
    {
        var directory = _directories.For("memory");
        return directory?.ReadNumber(directory.Hierarchy.IsUnified ? "memory.current" : "memory.usage_in_bytes");
    }

    private CgroupDirectory PlaceOf(int pid)
    {
        string? place = ProcessCgroup.Read(pid).Find(line => line.HierarchyId == 0)?.Path;
        bool below = place is not null && place.StartsWith(Path + "/", StringComparison.Ordinal);
        return below ? new CgroupDirectory(_directories.All[0].Hierarchy, place!) : _directories.All[0];
    }

    private static int Opened(CgroupDirectory directory, ReadOnlySpan<char> file, int flags)
    {
        int descriptor = directory.Open(file, flags);
        return descriptor >= 0 ? descriptor : throw new LinuxException(-descriptor, "open", $"{directory.FullPath}/{file}");
    }
}
