using Hafen.Api;
using Hafen.Engine.Reconcile;

namespace Hafen.Engine.Exec;

/// <summary>Tells of an exec.</summary>
public sealed class InspectExec
{
    private readonly ExecTable _execs;
    private readonly Adoption _adoption;

    internal InspectExec(ExecTable execs, Adoption adoption)
    {
        _execs = execs;
        _adoption = adoption;
    }

    /// <summary>One that nobody knows yet may have outlived the last daemon: then this waits, for a daemon that has just started, until those are known.</summary>
    /// <exception cref="EngineException">No such exec.</exception>
    public async Task<ExecInspect> RunAsync(string id, CancellationToken cancellationToken)
    {
        if (!_execs.TryGet(id, out _))
            await _adoption.SettledAsync(cancellationToken);
        return Describe(_execs.Get(id));
    }

    private static ExecInspect Describe(ExecSession session)
    {
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
}
