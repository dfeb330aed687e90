using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Monitors;
using Hafen.Errors;

namespace Hafen.Engine.Exec;

/// <summary>Tells of an exec and sizes its terminal.</summary>
public static class InspectExec
{
    /// <exception cref="EngineException">No such exec.</exception>
    public static ExecInspect InspectExecOf(this ContainerEngine engine, string id)
    {
        var session = engine.FindExec(id);
        var request = session.Request;
        return new ExecInspect
        {
            ID = session.Id,
            Running = session.Running,
            ExitCode = session.ExitCode,
            ProcessConfig = new ExecProcessConfig
            {
                Tty = request.Tty,
                Entrypoint = request.Cmd![0],
                Arguments = request.Cmd[1..],
                Privileged = request.Privileged,
                User = string.IsNullOrEmpty(request.User) ? null : request.User,
            },
            OpenStdin = request.AttachStdin,
            OpenStdout = request.AttachStdout,
            OpenStderr = request.AttachStderr,
            ContainerID = session.Container.Id,
            DetachKeys = string.IsNullOrEmpty(request.DetachKeys) ? [] : session.DetachKeys,
            Pid = session.Pid,
        };
    }

    /// <summary>Waits, for a daemon that has just started, until the execs that outlived the last one are known. At once when this one is.</summary>
    public static Task FindExecAsync(this ContainerEngine engine, string id, CancellationToken cancellationToken)
        => engine.Execs.TryGet(id, out _) ? Task.CompletedTask : engine.Adoption.SettledAsync(cancellationToken);

    /// <summary>Sets the size of an exec's terminal in characters.</summary>
    /// <exception cref="EngineException">No such exec, or it does not run.</exception>
    public static async Task ResizeExecAsync(this ContainerEngine engine, string id, int height, int width, CancellationToken cancellationToken)
    {
        var session = engine.FindExec(id);
        var monitor = session.Container.Monitor;
        if (monitor is null || !session.Running) throw EngineException.Conflict($"exec process is not started: {id}");
        try
        {
            await monitor.ResizeAsync(id, height, width, cancellationToken).ConfigureAwait(false);
        }
        catch (MonitorUnreachableException e)
        {
            throw ContainerChecks.Unreachable(session.Container, e);
        }
        catch (Exception e) when (e is IOException or MonitorException)
        {
            throw new EngineException(ErrorKind.Conflict, $"exec process is not started: {id}", e);
        }
    }
}
