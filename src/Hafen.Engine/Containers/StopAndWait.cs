using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Containers;

/// <summary>Ends a container in order and waits for that: its stop signal, and SIGKILL when it has not ended in time.</summary>
internal sealed class StopAndWait(SendSignal send, KillAndWait kill, ContainerEvents events, CurrentOptions options, Stopping stopping, ILogger log)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(49);

    /// <param name="container">One that runs, or has ended meanwhile.</param>
    /// <param name="signal">Name or number; null or empty for the container's own.</param>
    /// <param name="timeout">Seconds before SIGKILL, -1 for never; null for the container's own.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="EngineException">Unknown signal, or it could not be killed.</exception>
    public async Task RunAsync(Container container, string? signal, int? timeout, CancellationToken cancellationToken)
    {
        int number = string.IsNullOrEmpty(signal) ? SignalText.ToStop(container.Record.Config) : SignalText.ParseValid(signal);
        int seconds = timeout ?? container.Record.Config.StopTimeout ?? options.Value.DefaultStopTimeout;
        if (!stopping.HasBegun)
            container.Amend(s => s with { StoppedByHand = true });
        var end = container.WaitAsync(WaitCondition.NotRunning, CancellationToken.None);
        await send.RunAsync(container, number, cancellationToken);
        try
        {
            await end.WaitAsync(Limit(seconds), cancellationToken);
        }
        catch (TimeoutException)
        {
            EngineLog.KilledAfterTimeout(log, container.Id, seconds, number);
            await kill.RunAsync(container, cancellationToken);
        }
        events.Publish(container, "stop");
    }

    /// <summary>A timer takes 49 days at most; who asks for more than that means never.</summary>
    private static TimeSpan Limit(int seconds)
        => seconds < 0 || seconds > s_longest.TotalSeconds ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);
}
