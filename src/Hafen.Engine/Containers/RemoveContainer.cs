using Hafen.Engine.Monitors;
using Hafen.Engine.State;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Volumes;

namespace Hafen.Engine.Containers;

/// <summary>Removes a container with everything that is its own.</summary>
public static class RemoveContainer
{
    private const int SIGKILL = 9;
    private static readonly TimeSpan s_killLimit = TimeSpan.FromSeconds(10);

    /// <summary>How long a forced removal waits for a start under way, before it is called off.</summary>
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(2);

    /// <param name="force">Kill it when it runs.</param>
    /// <param name="removeVolumes">Remove its anonymous volumes too.</param>
    /// <exception cref="EngineException">It runs, or is being removed already.</exception>
    public static async Task RemoveContainerAsync(
        this ContainerEngine engine, string reference, bool force, bool removeVolumes, CancellationToken cancellationToken)
    {
        var container = engine.Store.Get(reference);
        if (container.RemovalInProgress) throw EngineException.Conflict($"removal of container {reference} is already in progress");
        while (true)
        {
            if (container.IsRunning)
            {
                if (!force) throw Running(container, reference);
                await engine.KillAndWaitAsync(container, s_killLimit, cancellationToken).ConfigureAwait(false);
            }
            using var _ = await engine.EnterAsync(container, force, cancellationToken).ConfigureAwait(false);
            if (container.IsRemoved) return;
            // A start was ahead of us at the gate.
            if (container.IsRunning) continue;
            await engine.RemoveOwnedAsync(container, removeVolumes).ConfigureAwait(false);
            return;
        }
    }

    /// <summary>
    /// Takes its turn. A start that is ahead of a forced removal may have no end in sight: its root or a volume lies on a file system that does not answer, or it has tens of thousands of
    /// mounts. It is called off, for there must be a way out.
    /// </summary>
    private static async Task<AsyncGate.Ownership> EnterAsync(this ContainerEngine engine, Container container, bool force, CancellationToken cancellationToken)
    {
        var turn = container.EnterAsync(cancellationToken).AsTask();
        while (force)
        {
            try
            {
                // The turn itself heeds the token; given up here, it might be taken by nobody.
                return await turn.WaitAsync(s_startLimit, CancellationToken.None).ConfigureAwait(false);
            }
            catch (TimeoutException) when (!turn.IsFaulted)
            {
                if (container.Starting is { } monitor) await engine.CallOffAsync(container, monitor).ConfigureAwait(false);
            }
        }
        return await turn.ConfigureAwait(false);
    }

    private static async Task CallOffAsync(this ContainerEngine engine, Container container, IMonitor monitor)
    {
        using var limit = new CancellationTokenSource(s_startLimit);
        try
        {
            await monitor.SignalAsync(null, SIGKILL, limit.Token).ConfigureAwait(false);
        }
        catch (MonitorException)
        {
            // It has made nothing yet, or is done.
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            EngineLog.StepFailed(engine.Log, container.Id, "call off the start", e.Message);
            monitor.Kill();
        }
    }

    /// <summary>Removes a container whose gate the caller holds and that does not run.</summary>
    internal static async Task RemoveOwnedAsync(this ContainerEngine engine, Container container, bool removeVolumes)
    {
        container.Transit(ContainerChange.RemovalBegun, s => s with { RemovesVolumes = removeVolumes });
        container.RemovalInProgress = true;
        try
        {
            // Written down: what a crash leaves of it from here on is no container any more, and the next start of the daemon finishes the work. On a full disk
            // it goes without: a removal makes room.
            engine.Store.SaveState(container);
            if (container.Early is { } early) await early.EndAsync(engine, container.Id).ConfigureAwait(false);
            container.Attachments.Drop();
            if (container.ExitFileKept) engine.Rooms.Monitors.RemoveState(container.Id);
            SharedMemory.End(engine, container);
            engine.Rooms.Snapshots.Remove(container.Id);
            if (removeVolumes) RemoveVolumes(engine, container);
            engine.Store.DeleteFiles(container);
        }
        catch (Exception e)
        {
            string message = $"unable to remove filesystem: {e.Message}";
            container.Transit(ContainerChange.RemovalFailed, s => s with { Error = message });
            container.RemovalInProgress = false;
            if (Directory.Exists(container.Folder)) engine.Store.SaveState(container);
            container.Waiters.RemovalFailed(new WaitResult(container.State.ExitCode, message));
            EngineLog.RemovalFailed(engine.Log, e, container.Id);
            throw new EngineException(ErrorKind.System, $"cannot remove container \"{container.Record.Name}\": {message}", e);
        }
        engine.Store.Remove(container);
        engine.Publish(container, "destroy");
        container.MarkRemoved();
    }

    private static void RemoveVolumes(ContainerEngine engine, Container container)
    {
        foreach (var mount in container.Record.Mounts)
        {
            if (mount is not { Type: "volume", Anonymous: true, Name: { } name } || engine.UsersOfVolume(name).Any(user => user.Id != container.Id)) continue;
            try
            {
                engine.Rooms.Volumes.Remove(name);
                engine.Events.Publish("volume", "destroy", name, new Dictionary<string, string> { ["driver"] = mount.Driver ?? "local" });
            }
            catch (VolumeException e) when (e.Kind == ErrorKind.NotFound)
            {
                // A removal that a crash cut off got this far.
            }
            catch (Exception e) when (e is VolumeException or LinuxException or IOException)
            {
                EngineLog.StepFailed(engine.Log, container.Id, "remove volume " + name, e.Message);
            }
        }
    }

    private static EngineException Running(Container container, string reference)
    {
        string reason = container.Status == ContainerStatus.Paused
            ? "container is paused and must be unpaused first"
            : $"container is {Transitions.Text(container.Status)}: stop the container before removing or force remove";
        return EngineException.Conflict($"cannot remove container \"{reference}\": {reason}");
    }
}
