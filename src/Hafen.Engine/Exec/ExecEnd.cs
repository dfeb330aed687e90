using Hafen.Engine.Containers;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Exec;

/// <summary>Ends of execs.</summary>
internal sealed class ExecEnd(ExecTable execs, ContainerEvents events)
{
    private const int Killed = 137, Unknown = 255;

    public void Handle(Container container, ContainerRun run, MonitorExecExited exited)
    {
        if (run.Execs.TryRemove(exited.ExecId, out var session) && !session.End(exited.ExitCode))
            return;
        events.Publish(container, "exec_die", ("execID", exited.ExecId), ("exitCode", exited.ExitCode.ToString()));
    }

    /// <summary>Deals with the ends of execs that were told on a connection that is lost.</summary>
    /// <param name="container">Whose execs they are.</param>
    /// <param name="run">In which they were started.</param>
    /// <param name="running">Those that run still.</param>
    public void HandleMissed(Container container, ContainerRun run, IReadOnlyList<MonitorExecState> running)
    {
        var alive = running.Select(exec => exec.ExecId).ToHashSet(StringComparer.Ordinal);
        foreach (var session in run.Execs.Values)
        {
            // Without a pid it is being started at this moment; its start knows.
            if (session is { Running: true, Pid: > 0 } && !alive.Contains(session.Id))
                Handle(container, run, new MonitorExecExited { ExecId = session.Id, ExitCode = Unknown });
        }
    }

    /// <summary>
    /// The container has ended, and with it every process in it: those whose end nobody told were killed with it. What was noted and never started belongs to
    /// the run that is over, and is gone.
    /// </summary>
    public void HandleAll(Container container, ContainerRun run)
    {
        foreach (var session in run.Execs.Values)
        {
            switch (session.EndWithContainer(Killed))
            {
                case ExecFate.CutOff:
                    events.Publish(container, "exec_die", ("execID", session.Id), ("exitCode", Killed.ToString()));
                    break;
                case ExecFate.NeverRan:
                    execs.Remove(session.Id);
                    break;
            }
        }
        run.Execs.Clear();
    }
}
