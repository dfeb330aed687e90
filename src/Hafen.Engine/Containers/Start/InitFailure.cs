using Hafen.Engine.Monitors;
using Hafen.Errors;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Containers.Start;

/// <summary>Why an init that was made and must not be started any more has failed by itself.</summary>
internal static class InitFailure
{
    private const int SIGKILL = 9;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The monitor tells init's reason to who asks for the start. Init is killed before that, so what is asked for cannot happen whatever state init is in.
    /// </summary>
    /// <returns>Null when init had no reason of its own, or the monitor does not tell.</returns>
    public static async Task<MonitorException?> LearnAsync(IMonitor monitor)
    {
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            await KillAsync(monitor, limit.Token);
            await monitor.StartAsync(limit.Token);
            return null;
        }
        catch (MonitorException exception)
        {
            return IsOwn(exception.Failure) ? exception : null;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task KillAsync(IMonitor monitor, CancellationToken cancellationToken)
    {
        try
        {
            await monitor.SignalAsync(null, SIGKILL, cancellationToken);
        }
        catch (MonitorException exception) when (exception.Failure.Kind == ErrorKind.NotRunning)
        {
            // It is gone already.
        }
    }

    /// <summary>That it was ended by a signal is what was done to it here.</summary>
    private static bool IsOwn(Failure failure)
        => failure.Kind != ErrorKind.NotRunning && (failure.Stage != "init" || failure.Errno != 0);
}
