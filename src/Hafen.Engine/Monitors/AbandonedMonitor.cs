using Hafen.Errors;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Monitors;

/// <summary>
/// Ends a monitor nobody wants any more together with whatever it has made, and waits until nothing of it is left: the next start finds the same cgroup and
/// the same folder.
/// </summary>
internal static class AbandonedMonitor
{
    private const int SIGKILL = 9;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    /// <summary>Never fails; a monitor that does not end in time is killed.</summary>
    /// <returns>False when it had to be killed or was gone: what it has made may be left then.</returns>
    public static async Task<bool> EndAsync(IMonitor monitor)
    {
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            await monitor.SignalAsync(null, SIGKILL, limit.Token);
            if (!await HasRunAsync(monitor, limit.Token))
                return true;
            // The exit is told when nothing is left in the kernel; clients may still be reading the tail of their streams.
            await foreach (var happened in monitor.Events.ReadAllAsync(limit.Token))
            {
                if (happened is MonitorExited)
                    return true;
            }
        }
        catch (MonitorException)
        {
            // It made no container.
            return true;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // It is gone already, or hangs.
            monitor.Kill();
        }
        finally
        {
            await monitor.DisposeAsync();
        }
        return false;
    }

    /// <summary>
    /// False for a container that was made and never started. Asking for the start of one that was killed is answered when nothing of it is left.
    /// </summary>
    private static async Task<bool> HasRunAsync(IMonitor monitor, CancellationToken cancellationToken)
    {
        try
        {
            await monitor.StartAsync(cancellationToken);
            return true;
        }
        catch (MonitorException exception)
        {
            return exception.Failure.Kind == ErrorKind.NotRunning;
        }
    }
}
