using Hafen.Engine.Containers.Spec;
using Hafen.Linux;
using Hafen.Linux.Cgroups;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Containers;

/// <summary>The cgroups containers run in.</summary>
internal sealed class ContainerCgroups(CgroupHierarchies hierarchies, CurrentOptions options, ILogger log)
{
    /// <summary>A container's cgroup, there or not; the caller disposes it.</summary>
    public Cgroup Open(Container container)
        => Cgroup.Open(hierarchies, BuildRuntimeSpec.CgroupPath(container.Id, container.Record.HostConfig, options.Value));

    /// <summary>Kills what may be left of a container and removes its cgroup. What keeps it from that is logged.</summary>
    /// <returns>Whether processes were left.</returns>
    public bool Destroy(Container container)
    {
        bool left = false;
        try
        {
            using var cgroup = Open(container);
            if (!cgroup.Exists)
                return false;
            left = cgroup.Pids().Length > 0;
            cgroup.Kill(SignalText.SIGKILL);
            cgroup.Destroy();
        }
        catch (Exception exception) when (exception is LinuxException or CgroupException or IOException)
        {
            EngineLog.StepFailed(log, container.Id, "remove the cgroup", exception.Message);
        }
        return left;
    }
}
