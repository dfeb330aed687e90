namespace Hafen.Engine.Containers;

/// <summary>Stops a container when it runs, and starts it.</summary>
public static class RestartContainer
{
    /// <inheritdoc cref="StopContainer.StopContainerAsync"/>
    public static async Task RestartContainerAsync(
        this ContainerEngine engine, string reference, string? signal, int? timeout, CancellationToken cancellationToken)
    {
        var container = engine.Store.Get(reference);
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
        catch (EngineException e) when (e.Kind == EngineErrorKind.NotModified)
        {
            // Someone else was faster.
        }
        engine.Publish(container, "restart");
    }
}
