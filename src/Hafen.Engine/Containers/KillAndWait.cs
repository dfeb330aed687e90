using Hafen.Errors;

namespace Hafen.Engine.Containers;

/// <summary>Kills a container and waits for its end, past its monitor if need be; fine when it has ended already.</summary>
internal sealed class KillAndWait(SendSignal send, ContainerCgroups cgroups, WithoutMonitor withoutMonitor)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10), s_silent = TimeSpan.FromSeconds(2), s_last = TimeSpan.FromSeconds(5);

    /// <exception cref="EngineException">It has not ended in time.</exception>
    public async Task RunAsync(Container container, CancellationToken cancellationToken)
    {
        var end = container.WaitAsync(WaitCondition.NotRunning, CancellationToken.None);
        await send.RunAsync(container, SignalText.SIGKILL, cancellationToken);

        // 1. Its monitor tells of the end; one that does not answer is given a moment to come back.
        var limit = container.Monitor?.Trouble is null ? s_limit : s_silent;
        if (await EndsAsync(end, limit, cancellationToken))
            return;
        // 2. The whole cgroup, whatever has become of the monitor.
        cgroups.Destroy(container);
        if (await EndsAsync(end, s_silent, cancellationToken))
            return;
        // 3. Nothing is left but the monitor, which has nothing to do any more.
        withoutMonitor.EndMonitor(container);
        if (await EndsAsync(end, s_last, cancellationToken))
            return;
        throw new EngineException(ErrorKind.System, "tried to kill container, but did not receive an exit event");
    }

    private static async Task<bool> EndsAsync(Task end, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await end.WaitAsync(limit, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
