using Hafen.Errors;

namespace Hafen.Engine.Containers;

/// <summary>Stops a container when it runs, and starts it.</summary>
public static class RestartContainer
{
    /// <inheritdoc cref="StopContainer.StopContainerAsync"/>
    public static async Task RestartContainerAsync(
        this ContainerEngine engine, string reference, string? signal, int? timeout, CancellationToken cancellationToken)
    {
        var container = engine.Store.Get(reference);
        try
        {
            await engine.RestartAsync(container, signal, timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (HafenException e)
        {
            // As Docker: whatever keeps it from being restarted is an error of the server's.
            throw new EngineException(ErrorKind.System, $"Cannot restart container {reference}: {e.Message}", e);
        }
        engine.Publish(container, "restart");
    }

    private static async Task RestartAsync(
        this ContainerEngine engine, Container container, string? signal, int? timeout, CancellationToken cancellationToken)
    {
        if (container.IsRunning)
        {
            // A container made with --rm outlives this end.
            container.BeginRestart();
            try
            {
                await engine.StopAsync(container, signal, timeout, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                container.EndRestart();
            }
        }
        try
        {
            await engine.StartContainerAsync(container.Id, cancellationToken).ConfigureAwait(false);
        }
        catch (HafenException e) when (e.Kind == ErrorKind.NotModified)
        {
            // Someone else was faster.
        }
    }
}
