using Hafen.Engine.Restart;
using Hafen.Errors;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Containers;

/// <summary>Deals with the end of a container that this daemon has listened to: state and waiters, what it held, restart policy, <c>--rm</c>.</summary>
internal sealed class ContainerEnd(RecordEnd record, ReleaseRun release, ScheduleRestart restart, DeleteContainer delete, Stopping stopping)
{
    /// <param name="container">It has ended, or what ended was an earlier run of it.</param>
    /// <param name="run">The run that has ended.</param>
    /// <param name="exited">How it ended.</param>
    public async Task RunAsync(Container container, ContainerRun run, MonitorExited exited)
    {
        using var ownership = await container.EnterAsync(CancellationToken.None);
        if (container.Run != run)
            return;
        var host = container.Record.HostConfig;
        var before = container.State;
        var ran = exited.FinishedAt - (before.StartedAt ?? exited.FinishedAt);
        // Asked once, before those who wait go on: the restart they make is the end of the wish for it.
        bool byHand = container.RestartedByHand;
        bool again = !stopping.HasBegun && !byHand
            && RestartDecision.ShouldRestart(host.RestartPolicy, exited.ExitCode, before.RestartCount, before.StoppedByHand);

        // 1. The state, and at once those who wait for it: what follows does not concern them.
        record.Run(container, exited, again);
        // Coming back for more tells the monitor that the exit is known; it then ends the streams of attached clients.
        run.Monitor.Events.TryRead(out _);

        // 2. Give back what it held.
        await release.RunAsync(container, run.Monitor);

        // 3. Again, or away.
        if (again)
        {
            restart.Run(container, ran);
        }
        else if (host.AutoRemove && !byHand)
        {
            try
            {
                await delete.RunAsync(container, removeVolumes: true);
            }
            catch (HafenException)
            {
                // It is logged, and dead: who removes it once more has it tried again.
            }
        }
    }
}
