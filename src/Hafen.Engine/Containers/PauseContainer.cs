using Hafen.Engine.State;
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
        try
        {
            using var cgroup = KillContainer.OpenCgroup(engine, container);
            if (pause) cgroup.Freeze();
            else cgroup.Thaw();
        }
        catch (Exception e) when (e is LinuxException or CgroupException or IOException)
        {
            throw new EngineException(EngineErrorKind.System, $"cannot {(pause ? "pause" : "unpause")} container {container.Id}: {e.Message}", e);
        }
        container.Transit(pause ? ContainerChange.Paused : ContainerChange.Resumed, static s => s);
        engine.Store.SaveState(container);
        engine.Publish(container, pause ? "pause" : "unpause");
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
