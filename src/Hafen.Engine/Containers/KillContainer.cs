using Hafen.Engine.Containers.Spec;
using Hafen.Engine.Monitors;
using Hafen.Engine.State;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Cgroups;

namespace Hafen.Engine.Containers;

/// <summary>Sends a signal to a container's process.</summary>
public static class KillContainer
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10), s_silent = TimeSpan.FromSeconds(2), s_last = TimeSpan.FromSeconds(5);

    /// <param name="signal">Name or number; null or empty for SIGKILL, after which the end is waited for.</param>
    /// <exception cref="EngineException">Unknown signal, or the container does not run.</exception>
    public static async Task KillContainerAsync(this ContainerEngine engine, string reference, string? signal, CancellationToken cancellationToken)
    {
        try
        {
            int number = string.IsNullOrEmpty(signal) ? SignalNames.SIGKILL : SignalNames.ParseValid(signal);
            var container = engine.Store.Get(reference);
            if (!container.IsRunning) throw EngineException.Conflict($"container {container.Id} is not running");
            if (number == SignalNames.SIGKILL) await engine.KillAndWaitAsync(container, s_limit, cancellationToken).ConfigureAwait(false);
            else await engine.SendSignalAsync(container, number, cancellationToken).ConfigureAwait(false);
        }
        catch (HafenException e)
        {
            throw new EngineException(e.Kind, $"cannot kill container: {reference}: {e.Message}", e);
        }
    }

    /// <summary>Kills a container and waits for its end; fine when it has ended already.</summary>
    internal static async Task KillAndWaitAsync(this ContainerEngine engine, Container container, TimeSpan limit, CancellationToken cancellationToken)
    {
        var end = container.WaitAsync(WaitCondition.NotRunning, CancellationToken.None);
        await engine.SendSignalAsync(container, SignalNames.SIGKILL, cancellationToken).ConfigureAwait(false);

        // 1. Its monitor tells of the end; one that does not answer is given a moment to come back.
        var patience = container.Monitor?.Trouble is null ? limit : s_silent;
        if (await EndsAsync(end, patience, cancellationToken).ConfigureAwait(false)) return;
        // 2. The whole cgroup, whatever has become of the monitor.
        ContainerEnd.DestroyCgroup(engine, container);
        if (await EndsAsync(end, s_silent, cancellationToken).ConfigureAwait(false)) return;
        // 3. Nothing is left but the monitor, which has nothing to do any more.
        WithoutMonitor.EndMonitor(engine, container);
        if (await EndsAsync(end, s_last, cancellationToken).ConfigureAwait(false)) return;
        throw new EngineException(ErrorKind.System, "tried to kill container, but did not receive an exit event");
    }

    private static async Task<bool> EndsAsync(Task end, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await end.WaitAsync(limit, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Sends a signal, remembers that a person ended the container, and wakes a paused one that is to end.</summary>
    /// <returns>False when there was no process to signal.</returns>
    internal static async Task<bool> SendSignalAsync(this ContainerEngine engine, Container container, int signal, CancellationToken cancellationToken)
    {
        using var _ = await container.EnterAsync(cancellationToken).ConfigureAwait(false);
        if (!container.IsRunning) return false;
        bool ends = signal == SignalNames.SIGKILL || signal == StopSignal(container);
        // The end of the daemon is no person's wish: what it stops, the next one starts again by its policy.
        if (ends && !engine.Stopping.IsCancellationRequested) container.Amend(s => s with { StoppedByHand = true });
        if (container.Status == ContainerStatus.Restarting)
        {
            CallOffRestart(engine, container);
            return false;
        }
        engine.Store.SaveState(container);
        try
        {
            if (container.Monitor is { } monitor) await monitor.SignalAsync(null, signal, cancellationToken).ConfigureAwait(false);
            else if (!WithoutMonitor.Signal(engine, container, signal)) return false;
        }
        catch (MonitorUnreachableException)
        {
            if (!WithoutMonitor.Signal(engine, container, signal)) return false;
        }
        catch (Exception e) when (e is IOException or MonitorException { Failure.Kind: ErrorKind.NotRunning })
        {
            // It is ending at this moment; the event is on its way.
            return false;
        }
        if (ends && container.Status == ContainerStatus.Paused) Thaw(engine, container);
        engine.Publish(container, "kill", ("signal", signal.ToString()));
        return true;
    }

    /// <summary>The signal that ends a container in order.</summary>
    internal static int StopSignal(Container container)
        => string.IsNullOrEmpty(container.Record.Config.StopSignal) ? SignalNames.SIGTERM : SignalNames.Parse(container.Record.Config.StopSignal);

    internal static Cgroup OpenCgroup(ContainerEngine engine, Container container)
        => Cgroup.Open(engine.Rooms.Cgroups, BuildRuntimeSpec.CgroupPath(container.Id, container.Record.HostConfig, engine.Options));

    private static void CallOffRestart(ContainerEngine engine, Container container)
    {
        container.CallOffRestart();
        var (state, waiting) = container.EndRun(ContainerChange.Exited, static s => s);
        engine.Store.SaveState(container);
        waiting.Tell(new WaitResult(state.ExitCode, state.Error));
    }

    private static void Thaw(ContainerEngine engine, Container container)
    {
        try
        {
            using var cgroup = OpenCgroup(engine, container);
            cgroup.Thaw();
            container.Transit(ContainerChange.Resumed, static s => s);
        }
        catch (Exception e) when (e is LinuxException or CgroupException or IOException)
        {
            EngineLog.StepFailed(engine.Log, container.Id, "thaw the cgroup", e.Message);
        }
    }
}
