using Hafen.Linux.Namespaces;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Create;
using Hafen.Runtime.Init;
using Hafen.Runtime.Security;

namespace Hafen.Runtime.Exec;

/// <summary>From a process to the steps that bring it into a running container.</summary>
internal static class ExecPlanner
{
    /// <param name="process">What to execute.</param>
    /// <param name="container">A pidfd of the container's init.</param>
    /// <param name="namespaces">CLONE_NEW… flags of the namespaces to enter.</param>
    /// <param name="cgroupFiles">Descriptors of v1 <c>tasks</c> files.</param>
    /// <param name="streams">Copies of the standard streams.</param>
    /// <param name="surroundings">For the last steps.</param>
    /// <param name="keyring">Name of the container's session keyring, or null.</param>
    public static List<PlannedStep> Build(
        SpecProcess process, int container, ulong namespaces, int[] cgroupFiles, (int In, int Out, int Error) streams,
        ProcessSurroundings surroundings, string? keyring)
    {
        var steps = new List<PlannedStep>(48);
        // 1. Limits first: nothing of the container runs without them. On cgroup v2 the process is born in its cgroup and has no time before it.
        if (cgroupFiles.Length > 0)
            AddAffinity(steps, process.ExecCpuAffinity?.Initial);
        foreach (int file in cgroupFiles)
            steps.Add(new PlannedStep(StepCode.JoinCgroup, "join cgroup") { Descriptor = file });
        AddAffinity(steps, process.ExecCpuAffinity?.Final);
        if (process.OomScoreAdj is { } score)
            steps.Add(ContainerPlanner.OomScore(score));
        SecurityLabels.Add(steps, process);

        // 2. All namespaces in one call: the kernel then minds that the user namespace decides about the others. Of the pid namespace this makes the
        // process's children members, and not yet itself.
        if (namespaces != 0)
            steps.Add(new PlannedStep(StepCode.JoinNamespace, "join the container's namespaces") { Descriptor = container, Value = (long)namespaces });
        if ((namespaces & NamespaceFlags.CLONE_NEWUSER) != 0)
            steps.Add(new PlannedStep(StepCode.BecomeRoot, "become root of the user namespace"));
        if (keyring is not null)
            steps.Add(new PlannedStep(StepCode.SessionKeyring, "join session keyring") { Text = keyring });

        // 3. Streams or a terminal, from the container's own root.
        steps.Add(new PlannedStep(StepCode.OpenRoot, "open /") { Text = "/" });
        if (process.Terminal)
            steps.Add(ContainerPlanner.Terminal(process, fromHost: false));
        steps.Add(new PlannedStep(StepCode.StandardStreams, "set up the standard streams") { Value = streams.In, Other = streams.Out, Number = streams.Error });

        // 4. The process. It becomes the container's at the last moment, and waits there until its parent knows it.
        if ((namespaces & NamespaceFlags.CLONE_NEWPID) != 0)
            surroundings = surroundings with { Entry = ProcessEntry.Steps(process.Terminal, waits: true) };
        else
            AddOwnEntry(steps, process);
        ProcessPlanner.Add(steps, process, surroundings);
        return steps;
    }

    /// <summary>Where the container has no pid namespace, the first process is the one that stays.</summary>
    private static void AddOwnEntry(List<PlannedStep> steps, SpecProcess process)
    {
        steps.Add(new PlannedStep(StepCode.Report, "report the process") { Value = (long)ChildMessageKind.Descended });
        steps.Add(ProcessEntry.Wait());
        steps.Add(new PlannedStep(StepCode.NewSession, "setsid"));
        if (process.Terminal)
            steps.Add(ProcessEntry.TakeTerminal());
    }

    private static void AddAffinity(List<PlannedStep> steps, string? cpus)
    {
        if (!string.IsNullOrEmpty(cpus))
            steps.Add(new PlannedStep(StepCode.Affinity, $"run on CPUs {cpus}") { Data = CpuList.ToMask(cpus) });
    }
}
