using Hafen.Api;
using Hafen.Engine.Containers;

namespace Hafen.Engine.Exec;

/// <summary>Makes sure that an exec may be started: what fails here is an answer, and no word on a socket that is taken over already.</summary>
public sealed class PrepareExecStart
{
    private readonly ExecTable _execs;

    internal PrepareExecStart(ExecTable execs) => _execs = execs;

    /// <exception cref="EngineException">No such exec, or its container does not run.</exception>
    public ExecStart Run(string id, ExecStartRequest request)
    {
        var session = _execs.Get(id);
        if (session.Container.IsRemoved)
            throw ExecTable.NotFound(id);
        ContainerChecks.RequireExecutable(session.Container, session.Container.Id);
        return new ExecStart(session, request);
    }
}
