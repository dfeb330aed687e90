using Hafen.Engine.Monitors;
using Hafen.Engine.State;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Cgroups;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Containers;

/// <summary>Sends a signal to a container's process, remembers that a person ended the container, and wakes a paused one that is to end.</summary>
internal sealed class SendSignal(
    ContainerStore containers, ContainerCgroups cgroups, WithoutMonitor withoutMonitor, ContainerEvents events, Stopping stopping, ILogger log)
{
    /// <returns>False when there was no process to signal.</returns>
    public async Task<bool> RunAsync(Container container, int signal, CancellationToken cancellationToken)
    {
        using var _ = await container.EnterAsync(cancellationToken);
        if (!container.IsRunning)
            return false;
        bool ends = signal == SignalText.SIGKILL || signal == SignalText.ToStop(container.Record.Config);
        // The end of the daemon is no person's wish: what it stops, the next one starts again by its policy.
        if (ends && !stopping.HasBegun)
            container.Amend(s => s with { StoppedByHand = true });
        if (container.Status == ContainerStatus.Restarting)
        {
            CallOffRestart(container);
            return false;
        }
        containers.SaveState(container);
        try
        {
            if (container.Monitor is { } monitor)
                await monitor.SignalAsync(null, signal, cancellationToken);
            else if (!withoutMonitor.Signal(container, signal))
                return NotSent(container, signal, "its monitor is being looked for");
        }
        catch (MonitorUnreachableException exception)
        {
            if (!withoutMonitor.Signal(container, signal))
                return NotSent(container, signal, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or MonitorException { Failure.Kind: ErrorKind.NotRunning })
        {
            // It is ending at this moment; the event is on its way.
            return NotSent(container, signal, exception.Message);
        }
        if (ends && container.Status == ContainerStatus.Paused)
            Thaw(container);
        events.Publish(container, "kill", ("signal", signal.ToString()));
        return true;
    }

    private bool NotSent(Container container, int signal, string reason)
    {
        EngineLog.SignalNotSent(log, container.Id, signal, reason);
        return false;
    }

    private void CallOffRestart(Container container)
    {
        container.CallOffRestart();
        var (state, waiting, _) = container.EndRun(ContainerChange.Exited, static s => s);
        containers.SaveState(container);
        waiting.Complete(new WaitResult(state.ExitCode, state.Error));
    }

    private void Thaw(Container container)
    {
        try
        {
            using var cgroup = cgroups.Open(container);
            cgroup.Thaw();
            container.Transit(ContainerChange.Resumed, static s => s);
        }
        catch (Exception exception) when (exception is LinuxException or CgroupException or IOException)
        {
            EngineLog.StepFailed(log, container.Id, "thaw the cgroup", exception.Message);
        }
    }
}
