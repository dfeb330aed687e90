using Hafen.Errors;

namespace Hafen.Engine.Containers;

/// <summary>Sends a signal to a container's process.</summary>
public sealed class KillContainer
{
    private readonly ContainerStore _containers;
    private readonly SendSignal _send;
    private readonly KillAndWait _kill;

    internal KillContainer(ContainerStore containers, SendSignal send, KillAndWait kill)
    {
        _containers = containers;
        _send = send;
        _kill = kill;
    }

    /// <param name="reference">ID, name or prefix.</param>
    /// <param name="signal">Name or number; null or empty for SIGKILL, after which the end is waited for.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="EngineException">Unknown signal, or the container does not run.</exception>
    public async Task RunAsync(string reference, string? signal, CancellationToken cancellationToken)
    {
        try
        {
            int number = string.IsNullOrEmpty(signal) ? SignalText.SIGKILL : SignalText.ParseValid(signal);
            var container = await _containers.GetSettledAsync(reference, cancellationToken);
            if (!container.IsRunning)
                throw EngineException.Conflict($"container {container.Id} is not running");
            if (number == SignalText.SIGKILL)
                await _kill.RunAsync(container, cancellationToken);
            else
                await _send.RunAsync(container, number, cancellationToken);
        }
        catch (HafenException exception)
        {
            throw new EngineException(exception.Kind, $"cannot kill container: {reference}: {exception.Message}", exception);
        }
    }
}
