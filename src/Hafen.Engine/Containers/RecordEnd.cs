using Hafen.Engine.Exec;
using Hafen.Engine.Health;
using Hafen.Engine.State;
using Hafen.Monitor.Protocol;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Containers;

/// <summary>
/// What the end of a run makes of its container, whoever has found it: the state, written or not, what ran in it, those who listen and those who wait.
/// </summary>
internal sealed class RecordEnd(ContainerStore containers, ExecEnd execs, ContainerEvents events, ILogger log)
{
    /// <param name="container">The caller holds its gate.</param>
    /// <param name="exited">How it ended.</param>
    /// <param name="restart">The policy starts it again.</param>
    public void Run(Container container, MonitorExited exited, bool restart)
    {
        var before = container.State;
        var (after, waiting, run) = container.EndRun(restart ? ContainerChange.ExitedForRestart : ContainerChange.Exited, s => s with
        {
            Pid = 0,
            ExitCode = exited.ExitCode,
            OomKilled = exited.OomKilled,
            FinishedAt = exited.FinishedAt,
            Endpoints = null,
            Health = HealthRules.End(s.Health),
            RestartCount = restart ? s.RestartCount + 1 : s.RestartCount,
        });
        container.NoteEndWritten(containers.SaveState(container));
        if (run is not null)
        {
            Attempt.Run(container, "end its health checks", run.EndHealthChecks, log);
            Attempt.Run(container, "end its execs", () => execs.HandleAll(container, run), log);
        }
        Publish(container, before, exited, run is { OutOfMemory: true });
        waiting.Complete(new WaitResult(exited.ExitCode, after.Error));
        EngineLog.Ended(log, container.Id, exited.ExitCode);
        if (exited.LostLogLines > 0)
            EngineLog.LogLinesLost(log, container.Id, exited.LostLogLines);
    }

    private void Publish(Container container, ContainerState before, MonitorExited exited, bool outOfMemoryTold)
    {
        var ran = exited.FinishedAt - (before.StartedAt ?? exited.FinishedAt);
        if (exited.OomKilled && !outOfMemoryTold)
            events.Publish(container, "oom");
        events.PublishNetworks(container, "disconnect", before.Endpoints);
        events.PublishVolumesUnmounted(container);
        string duration = ((long)Math.Max(0, ran.TotalSeconds)).ToString(), code = exited.ExitCode.ToString();
        if (exited.LostLogLines > 0)
            events.Publish(container, "die", ("execDuration", duration), ("exitCode", code), ("lostLogLines", exited.LostLogLines.ToString()));
        else
            events.Publish(container, "die", ("execDuration", duration), ("exitCode", code));
    }
}
