using Hafen.Engine.Containers;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Exec;

/// <summary>Ends of execs.</summary>
internal static class ExecEnd
{
    private const int Killed = 137, Unknown = 255;

    public static void Handle(ContainerEngine engine, Container container, MonitorExecExited exited)
    {
        if (container.Execs.TryRemove(exited.ExecId, out var session) && !session.End(exited.ExitCode)) return;
        engine.Publish(container, "exec_die", ("execID", exited.ExecId), ("exitCode", exited.ExitCode.ToString()));
    }

    /// <summary>Deals with the ends of execs that were told on a connection that is lost.</summary>
    /// <param name="running">Those that run still.</param>
    public static void HandleMissed(ContainerEngine engine, Container container, IReadOnlyList<MonitorExecState> running)
    {
        var alive = running.Select(exec => exec.ExecId).ToHashSet(StringComparer.Ordinal);
        foreach (var session in container.Execs.Values)
        {
            // Without a pid it is being started at this moment; its start knows.
            if (session is { Running: true, Pid: > 0 } && !alive.Contains(session.Id))
                Handle(engine, container, new MonitorExecExited { ExecId = session.Id, ExitCode = Unknown });
        }
    }

    /// <summary>
    /// The container has ended, and with it every process in it: those whose end nobody told were killed with it. What was noted and never started belongs to
    /// the run that is over, and is gone.
    /// </summary>
    public static void HandleAll(ContainerEngine engine, Container container)
    {
        foreach (var session in container.Execs.Values)
        {
            switch (session.EndWithContainer(Killed))
            {
                case ExecFate.CutOff:
                    engine.Publish(container, "exec_die", ("execID", session.Id), ("exitCode", Killed.ToString()));
                    break;
                case ExecFate.NeverRan:
                    engine.Execs.Remove(session.Id);
                    break;
            }
        }
        container.Execs.Clear();
    }
}
