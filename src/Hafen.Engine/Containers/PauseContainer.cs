using Hafen.Engine.State;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Cgroups;

namespace Hafen.Engine.Containers;

/// <summary>Stops and resumes all processes of a container through its cgroup.</summary>
public static class PauseContainer
{
    /// <exception cref="EngineException">It does not run, or is paused already.</exception>
    public static Task PauseContainerAsync(this ContainerEngine engine, string reference, CancellationToken cancellationToken)
        => engine.FreezeAsync(reference, pause: true, cancellationToken);

    /// <exception cref="EngineException">It is not paused.</exception>
    public static Task UnpauseContainerAsync(this ContainerEngine engine, string reference, CancellationToken cancellationToken)
        => engine.FreezeAsync(reference, pause: false, cancellationToken);

    private static async Task FreezeAsync(this ContainerEngine engine, string reference, bool pause, CancellationToken cancellationToken)
    {
        var container = engine.Store.Get(reference);
        using var _ = await container.EnterAsync(cancellationToken).ConfigureAwait(false);
        Check(container, pause);
        using var cgroup = KillContainer.OpenCgroup(engine, container);
        try
        {
            if (pause) Freeze(engine, container, cgroup);
            else cgroup.Thaw();
        }
        catch (Exception e) when (e is LinuxException or CgroupException && !cgroup.Exists)
        {
            // Its last process has ended, and nobody has said so yet.
            throw EngineException.Conflict($"container {container.Id} is not running");
        }
        catch (Exception e) when (e is LinuxException or CgroupException or IOException or UnauthorizedAccessException)
        {
            throw new EngineException(ErrorKind.System, $"cannot {(pause ? "pause" : "unpause")} container {container.Id}: {e.Message}", e);
        }
        container.Transit(pause ? ContainerChange.Paused : ContainerChange.Resumed, static s => s);
        // Who wants a container to go on gets that, room on the disk or not: resuming once more does no harm.
        if (!pause) engine.Store.SaveState(container);
        engine.Publish(container, pause ? "pause" : "unpause");
    }

    /// <summary>A pause that is not written down would be a container that the next daemon believes to work: then it is none.</summary>
    private static void Freeze(ContainerEngine engine, Container container, Cgroup cgroup)
    {
        cgroup.Freeze();
        try
        {
            engine.Store.SaveState(container, container.After(ContainerChange.Paused, static s => s));
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
            if (container.Status != ContainerStatus.Paused) throw EngineException.Conflict($"Container {container.Id} is not paused");
            return;
        }
        if (container.Status == ContainerStatus.Paused) throw EngineException.Conflict($"Container {container.Id} is already paused");
        ContainerChecks.RequireProcess(container);
    }
}
