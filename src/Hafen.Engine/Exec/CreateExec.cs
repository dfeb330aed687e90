using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Containers.Spec;
using Hafen.Errors;

namespace Hafen.Engine.Exec;

/// <summary>Notes a further process for a running container.</summary>
public static class CreateExec
{
    /// <returns>The exec's ID.</returns>
    /// <exception cref="EngineException">The container does not run, or the request makes no sense.</exception>
    public static string CreateExecOf(this ContainerEngine engine, string reference, ExecCreateRequest request)
    {
        if (request.Cmd is not { Length: > 0 }) throw EngineException.InvalidParameter("No exec command specified");
        NullBytes.Refuse(request);
        var container = engine.Store.Get(reference);
        ContainerChecks.RequireExecutable(container, reference);
        if (!string.IsNullOrEmpty(request.User))
        {
            try
            {
                RunningUser.Find(container, request.User);
            }
            catch (UserLookupException e)
            {
                throw new EngineException(ErrorKind.InvalidParameter, e.Message, e);
            }
        }
        byte[] keys = DetachKeys.Parse(request.DetachKeys, "Invalid escape keys ({0}) provided");
        var session = new ExecSession(ContainerId.New(), container, request, keys);
        container.Execs[session.Id] = session;
        engine.Execs.Add(session);
        engine.Publish(container, $"exec_create: {session.CommandLine}", ("execID", session.Id));
        return session.Id;
    }
}
