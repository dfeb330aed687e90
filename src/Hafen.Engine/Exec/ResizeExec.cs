using Hafen.Engine.Containers;
using Hafen.Engine.Monitors;
using Hafen.Engine.Reconcile;
using Hafen.Errors;

namespace Hafen.Engine.Exec;

/// <summary>Sets the size of an exec's terminal.</summary>
public sealed class ResizeExec
{
    private readonly ExecTable _execs;
    private readonly Adoption _adoption;

    internal ResizeExec(ExecTable execs, Adoption adoption)
    {
        _execs = execs;
        _adoption = adoption;
    }

    /// <param name="id">The exec's ID; one that nobody knows is waited for like in <see cref="InspectExec"/>.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="cancellationToken">Gives up waiting for the monitor.</param>
    /// <exception cref="EngineException">No such exec, or it does not run.</exception>
    public async Task RunAsync(string id, int height, int width, CancellationToken cancellationToken)
    {
        if (!_execs.TryGet(id, out _))
            await _adoption.SettledAsync(cancellationToken);
        var session = _execs.Get(id);
        var monitor = session.Container.Monitor;
        if (monitor is null || !session.Running)
            throw EngineException.Conflict($"exec process is not started: {id}");
        try
        {
            await monitor.ResizeAsync(id, height, width, cancellationToken);
        }
        catch (MonitorUnreachableException exception)
        {
            throw ContainerChecks.Unreachable(session.Container, exception);
        }
        catch (Exception exception) when (exception is IOException or MonitorException)
        {
            throw new EngineException(ErrorKind.Conflict, $"exec process is not started: {id}", exception);
        }
    }
}
