using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Containers.Spec;
using Hafen.Errors;

namespace Hafen.Engine.Exec;

/// <summary>Notes a further process for a running container.</summary>
public sealed class CreateExec
{
    private readonly ContainerStore _containers;
    private readonly ExecTable _execs;
    private readonly ContainerEvents _events;

    internal CreateExec(ContainerStore containers, ExecTable execs, ContainerEvents events)
    {
        _containers = containers;
        _execs = execs;
        _events = events;
    }

    /// <returns>The exec's ID.</returns>
    /// <exception cref="EngineException">The container does not run, or the request makes no sense.</exception>
    public async Task<string> RunAsync(string reference, ExecCreateRequest request, CancellationToken cancellationToken)
    {
        if (request.Cmd is not { Length: > 0 })
            throw EngineException.InvalidParameter("No exec command specified");
        NullBytes.Refuse(request);
        var container = await _containers.GetSettledAsync(reference, cancellationToken);
        ContainerChecks.RequireExecutable(container, reference);
        if (!string.IsNullOrEmpty(request.User))
        {
            try
            {
                RunningUser.Find(container, request.User);
            }
            catch (UserLookupException exception)
            {
                throw new EngineException(ErrorKind.InvalidParameter, exception.Message, exception);
            }
        }
        byte[] keys = DetachKeys.Parse(request.DetachKeys, "Invalid escape keys ({0}) provided");
        var run = container.Run ?? throw ContainerChecks.Unreachable(container, null);
        var session = new ExecSession(ContainerId.New(), container, run, request, keys);
        run.Execs[session.Id] = session;
        _execs.Add(session);
        _events.Publish(container, $"exec_create: {session.CommandLine}", ("execID", session.Id));
        return session.Id;
    }
}
