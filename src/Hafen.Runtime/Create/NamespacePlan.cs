using System.Text;
using Hafen.Linux.Namespaces;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Init;

namespace Hafen.Runtime.Create;

/// <summary>
/// How a container comes into its namespaces. The kernel's rules behind it: a namespace belongs to the user namespace it was made in, so a new or
/// joined user namespace comes before the others; a process in a new user namespace can no longer join namespaces of the host's; nobody changes its own
/// pid namespace; a cgroup namespace is made after the cgroup was joined; time offsets are set before anybody lives there.
/// </summary>
internal sealed record NamespacePlan
{
    /// <summary>Flags of the first clone.</summary>
    public ulong CloneFlags { get; private init; }

    /// <summary>Namespaces the parent enters for the moment of the clone.</summary>
    public IReadOnlyList<(PlannedHandle Namespace, ulong Flag)> BornIn { get; private init; } = [];

    public IReadOnlyList<PlannedStep> Steps { get; private init; } = [];

    /// <summary>A pid namespace that the process enters last of all (<see cref="Security.ProcessEntry"/>), or null.</summary>
    public NamespaceHandle? EnteredPid { get; private init; }

    /// <summary>The user namespace that a pid namespace among <see cref="BornIn"/> must belong to, or null.</summary>
    public NamespaceHandle? PidOwner { get; private init; }

    public bool NewUser { get; private init; }
    public bool JoinsUser { get; private init; }
    public bool NewNetwork { get; private init; }
    public bool JoinsPid { get; private init; }

    public static NamespacePlan Build(SpecLinux linux)
    {
        ulong created = 0UL;
        var joined = new List<(SpecNamespace Namespace, ulong Flag)>();
        foreach (var entry in linux.Namespaces ?? [])
        {
            ulong flag = NamespaceFlags.FromType(entry.Type);
            if (entry.Path is { Length: > 0 })
                joined.Add((entry, flag));
            else
                created |= flag;
        }

        bool newUser = (created & NamespaceFlags.CLONE_NEWUSER) != 0;
        bool joinsUser = joined.Exists(j => j.Flag == NamespaceFlags.CLONE_NEWUSER);
        // These two are made by steps of their own, after the clone.
        ulong withClone = created & ~(NamespaceFlags.CLONE_NEWCGROUP | NamespaceFlags.CLONE_NEWTIME);
        var steps = new List<PlannedStep>();
        if (newUser)
        {
            steps.Add(new PlannedStep(StepCode.Await, "wait for the user mappings") { Value = ParentSignal.Mapped });
            steps.Add(new PlannedStep(StepCode.BecomeRoot, "become root of the user namespace"));
            // The message queues' root folder belongs to whoever makes the namespace: the container's root, once that is mapped.
            if ((created & NamespaceFlags.CLONE_NEWIPC) != 0)
                steps.Add(new PlannedStep(StepCode.Unshare, "new ipc namespace") { Value = (long)NamespaceFlags.CLONE_NEWIPC });
        }

        var bornIn = new List<(PlannedHandle, ulong)>();
        NamespaceHandle? enteredPid = null;
        foreach (var (entry, flag) in joined)
        {
            var handle = new NamespaceHandle(entry.Path!);
            bool byParent = flag == NamespaceFlags.CLONE_NEWPID || (newUser && flag != NamespaceFlags.CLONE_NEWTIME);
            // From within a user namespace one of the host's could not be entered any more: such a process is born there.
            if (flag == NamespaceFlags.CLONE_NEWPID && !newUser && !joinsUser)
                enteredPid = handle;
            else if (byParent)
                bornIn.Add((handle, flag));
            else if (flag != NamespaceFlags.CLONE_NEWUSER)
                steps.Add(new PlannedStep(StepCode.JoinNamespace, $"join {entry.Type} namespace {entry.Path}") { Handle = handle, Value = (long)flag });
        }

        if (joinsUser)
        {
            var (entry, flag) = joined.Find(j => j.Flag == NamespaceFlags.CLONE_NEWUSER);
            steps.Add(new PlannedStep(StepCode.JoinNamespace, $"join user namespace {entry.Path}") { Handle = new NamespaceHandle(entry.Path!), Value = (long)flag });
            steps.Add(new PlannedStep(StepCode.BecomeRoot, "become root of the user namespace"));
            steps.Add(new PlannedStep(StepCode.Descend, "clone into the namespaces") { Value = (long)withClone });
        }

        if ((created & NamespaceFlags.CLONE_NEWCGROUP) != 0)
            steps.Add(new PlannedStep(StepCode.Unshare, "new cgroup namespace") { Value = (long)NamespaceFlags.CLONE_NEWCGROUP });
        if ((created & NamespaceFlags.CLONE_NEWTIME) != 0)
            steps.Add(new PlannedStep(StepCode.NewTime, "new time namespace") { Data = Encoding.ASCII.GetBytes(Offsets(linux)) });

        return new NamespacePlan
        {
            CloneFlags = joinsUser ? 0 : newUser ? withClone & ~NamespaceFlags.CLONE_NEWIPC : withClone,
            BornIn = bornIn,
            EnteredPid = enteredPid,
            PidOwner = joinsUser ? new NamespaceHandle(joined.Find(j => j.Flag == NamespaceFlags.CLONE_NEWUSER).Namespace.Path!) : null,
            Steps = steps,
            NewUser = newUser,
            JoinsUser = joinsUser,
            NewNetwork = (created & NamespaceFlags.CLONE_NEWNET) != 0,
            JoinsPid = joined.Exists(j => j.Flag == NamespaceFlags.CLONE_NEWPID),
        };
    }

    /// <summary>Text for timens_offsets: a line each of clock, seconds, nanoseconds.</summary>
    public static string Offsets(SpecLinux linux)
    {
        var text = new StringBuilder();
        foreach (var (clock, offset) in linux.TimeOffsets ?? [])
            text.Append($"{clock} {offset.Secs} {offset.Nanosecs}\n");
        return text.ToString();
    }
}
