using Hafen.Engine.State;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Cgroups;

namespace Hafen.Engine.Containers;

/// <summary>Stops and resumes all processes of a container through its cgroup.</summary>
internal sealed class FreezeContainer(ContainerStore containers, ContainerCgroups cgroups, ContainerEvents events)
{
    /// <exception cref="EngineException">It does not run, or is in the state already that is asked for.</exception>
    public async Task RunAsync(string reference, bool pause, CancellationToken cancellationToken)
    {
        var container = containers.Get(reference);
        using var _ = await container.EnterAsync(cancellationToken);
        Check(container, pause);
        using var cgroup = cgroups.Open(container);
        try
        {
            if (pause)
                Freeze(container, cgroup);
            else
                cgroup.Thaw();
        }
        catch (Exception exception) when (exception is LinuxException or CgroupException && !cgroup.Exists)
        {
            // Its last process has ended, and nobody has said so yet.
            throw EngineException.Conflict($"container {container.Id} is not running");
        }
        catch (Exception exception) when (exception is LinuxException or CgroupException or IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorKind.System, $"cannot {(pause ? "pause" : "unpause")} container {container.Id}: {exception.Message}", exception);
        }
        container.Transit(pause ? ContainerChange.Paused : ContainerChange.Resumed, static s => s);
        // Who wants a container to go on gets that, room on the disk or not: resuming once more does no harm.
        if (!pause)
            containers.SaveState(container);
        events.Publish(container, pause ? "pause" : "unpause");
    }

    /// <summary>A pause that is not written down would be a container that the next daemon believes to work: then it is none.</summary>
    private void Freeze(Container container, Cgroup cgroup)
    {
        cgroup.Freeze();
        try
        {
            containers.SaveState(container, container.After(ContainerChange.Paused, static s => s));
        }
        catch
        {
            cgroup.Thaw();
            throw;
        }
    }

    private static void Check(Container container, bool pause)
    {
        if (!pause)
        {
            if (container.Status != ContainerStatus.Paused)
                throw EngineException.Conflict($"Container {container.Id} is not paused");
            return;
        }
        if (container.Status == ContainerStatus.Paused)
            throw EngineException.Conflict($"Container {container.Id} is already paused");
        ContainerChecks.RequireProcess(container);
    }
}
