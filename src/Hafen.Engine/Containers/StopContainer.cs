using Hafen.Errors;

namespace Hafen.Engine.Containers;

/// <summary>Ends a container in order: its stop signal, and SIGKILL when it has not ended in time.</summary>
public static class StopContainer
{
    private static readonly TimeSpan s_kill = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(49);

    /// <param name="signal">Name or number; null or empty for the container's own.</param>
    /// <param name="timeout">Seconds before SIGKILL, -1 for never; null for the container's own.</param>
    /// <exception cref="EngineException">Unknown signal; NotModified when it does not run.</exception>
    public static async Task StopContainerAsync(
        this ContainerEngine engine, string reference, string? signal, int? timeout, CancellationToken cancellationToken)
    {
        var container = engine.Store.Get(reference);
        if (!container.IsRunning) throw new EngineException(ErrorKind.NotModified, "container is already stopped");
        await engine.StopAsync(container, signal, timeout, cancellationToken).ConfigureAwait(false);
    }

    internal static async Task StopAsync(
        this ContainerEngine engine, Container container, string? signal, int? timeout, CancellationToken cancellationToken)
    {
        int number = string.IsNullOrEmpty(signal) ? KillContainer.StopSignal(container) : SignalNames.ParseValid(signal);
        int seconds = timeout ?? container.Record.Config.StopTimeout ?? engine.Options.DefaultStopTimeout;
        if (!engine.Stopping.IsCancellationRequested) container.Amend(s => s with { StoppedByHand = true });
        var end = container.WaitAsync(WaitCondition.NotRunning, CancellationToken.None);
        await engine.SendSignalAsync(container, number, cancellationToken).ConfigureAwait(false);
        try
        {
            await end.WaitAsync(Limit(seconds), cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            EngineLog.KilledAfterTimeout(engine.Log, container.Id, seconds, number);
            await engine.KillAndWaitAsync(container, s_kill, cancellationToken).ConfigureAwait(false);
        }
        engine.Publish(container, "stop");
    }

    /// <summary>A timer takes 49 days at most; who asks for more than that means never.</summary>
    private static TimeSpan Limit(int seconds)
        => seconds < 0 || seconds > s_longest.TotalSeconds ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);
}
