using Hafen.Engine.Containers;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Exec;

/// <summary>Ends of execs.</summary>
internal static class ExecEnd
{
    private const int Killed = 137;

    public static void Handle(ContainerEngine engine, Container container, MonitorExecExited exited)
    {
        if (container.Execs.TryGetValue(exited.ExecId, out var session) && !session.End(exited.ExitCode)) return;
        engine.Publish(container, "exec_die", ("execID", exited.ExecId), ("exitCode", exited.ExitCode.ToString()));
    }

    /// <summary>The container has ended, and with it every process in it. What clients can ask about its execs is forgotten as well.</summary>
    public static void HandleAll(ContainerEngine engine, Container container)
    {
        foreach (var session in container.Execs.Values)
        {
            if (session.Running && session.End(Killed))
                engine.Publish(container, "exec_die", ("execID", session.Id), ("exitCode", Killed.ToString()));
            engine.Execs.TryRemove(session.Id, out _);
        }
        container.Execs.Clear();
    }
}
