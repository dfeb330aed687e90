using Hafen.Engine.Containers;
using Hafen.Engine.Monitors;
using Hafen.Engine.State;
using Hafen.Linux;
using Hafen.Linux.Cgroups;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Reconcile;

/// <summary>Takes over a container that an earlier daemon has started and that runs.</summary>
internal sealed class TakeOver(Adoption adoption, ContainerStore containers, ContainerCgroups cgroups, VolumeUse volumes, ILogger log)
{
    /// <param name="container">The caller holds its gate.</param>
    /// <param name="monitor">Its monitor; nothing has been heard of it yet.</param>
    public ValueTask RunAsync(Container container, IMonitor monitor)
    {
        adoption.Expect(container.Id);
        container.Adopt(new ContainerRun(monitor));
        FollowFreezer(container);
        return volumes.ResumeAsync(container);
    }

    /// <summary>
    /// Whether it is paused is the kernel's to say, too. What is written down is older when the last daemon died between the one and the other, or when the disk
    /// was full: believed, it would show a container as paused that works, or leave one that nobody could resume.
    /// </summary>
    private void FollowFreezer(Container container)
    {
        try
        {
            using var cgroup = cgroups.Open(container);
            if (!cgroup.Exists)
                return;
            bool frozen = cgroup.State != FreezerState.Thawed;
            if (frozen == (container.Status == ContainerStatus.Paused))
                return;
            container.Transit(frozen ? ContainerChange.Paused : ContainerChange.Resumed, static s => s);
            containers.SaveState(container);
        }
        catch (Exception exception) when (exception is LinuxException or CgroupException or IOException or UnauthorizedAccessException)
        {
            EngineLog.StepFailed(log, container.Id, "see whether it is paused", exception.Message);
        }
    }
}
