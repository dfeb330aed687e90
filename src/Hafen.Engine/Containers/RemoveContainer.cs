using Hafen.Engine.Monitors;
using Hafen.Engine.State;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Containers;

/// <summary>Removes a container with everything that is its own.</summary>
public sealed class RemoveContainer
{
    /// <summary>How long a forced removal waits for a start under way, before it is called off.</summary>
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(2);

    private readonly ContainerStore _containers;
    private readonly KillAndWait _kill;
    private readonly DeleteContainer _delete;
    private readonly ILogger _log;

    internal RemoveContainer(ContainerStore containers, KillAndWait kill, DeleteContainer delete, ILogger log)
    {
        _containers = containers;
        _kill = kill;
        _delete = delete;
        _log = log;
    }

    /// <param name="reference">ID, name or prefix.</param>
    /// <param name="force">Kill it when it runs.</param>
    /// <param name="removeVolumes">Remove its anonymous volumes too.</param>
    /// <param name="cancellationToken">Gives up waiting for the container's turn or end.</param>
    /// <exception cref="EngineException">It runs, or is being removed already.</exception>
    public async Task RunAsync(string reference, bool force, bool removeVolumes, CancellationToken cancellationToken)
    {
        var container = _containers.Get(reference);
        if (container.RemovalInProgress)
            throw EngineException.Conflict($"removal of container {reference} is already in progress");
        while (true)
        {
            if (container.IsRunning)
            {
                if (!force)
                    throw Running(container, reference);
                await _kill.RunAsync(container, cancellationToken);
            }
            using var _ = await EnterAsync(container, force, cancellationToken);
            if (container.IsRemoved)
                return;
            // A start was ahead of us at the gate.
            if (container.IsRunning)
                continue;
            await _delete.RunAsync(container, removeVolumes);
            return;
        }
    }

    /// <summary>
    /// Takes its turn. A start that is ahead of a forced removal may have no end in sight: its root or a volume lies on a file system that does not answer, or it has tens of thousands of
    /// mounts. It is called off, for there must be a way out.
    /// </summary>
    private async Task<AsyncGate.Ownership> EnterAsync(Container container, bool force, CancellationToken cancellationToken)
    {
        var turn = container.EnterAsync(cancellationToken).AsTask();
        while (force)
        {
            try
            {
                // The turn itself heeds the token; given up here, it might be taken by nobody.
                return await turn.WaitAsync(s_startLimit, CancellationToken.None);
            }
            catch (TimeoutException) when (!turn.IsFaulted)
            {
                if (container.Starting is { } monitor)
                    await CallOffAsync(container, monitor);
            }
        }
        return await turn;
    }

    private async Task CallOffAsync(Container container, IMonitor monitor)
    {
        using var limit = new CancellationTokenSource(s_startLimit);
        try
        {
            await monitor.SignalAsync(null, SignalText.SIGKILL, limit.Token);
        }
        catch (MonitorException)
        {
            // It has made nothing yet, or is done.
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            EngineLog.StepFailed(_log, container.Id, "call off the start", exception.Message);
            monitor.Kill();
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
