namespace Hafen.Engine.Containers;

/// <summary>Waits for what happens to a container.</summary>
public static class WaitContainer
{
    /// <summary>
    /// Begins to wait: when this returns, an end that comes later is not missed. Await the result for the end itself.
    /// </summary>
    /// <exception cref="EngineException">No such container, or an unknown condition.</exception>
    public static Task<WaitResult> WaitContainerAsync(
        this ContainerEngine engine, string reference, WaitCondition condition, CancellationToken cancellationToken)
        => engine.Store.Get(reference).WaitAsync(condition, cancellationToken);

    /// <summary>The condition by its name in the Engine API.</summary>
    public static WaitCondition ParseCondition(string? text) => text switch
    {
        null or "" or "not-running" => WaitCondition.NotRunning,
        "next-exit" => WaitCondition.NextExit,
        "removed" => WaitCondition.Removed,
        _ => throw EngineException.InvalidParameter($"invalid condition: \"{text}\""),
    };
}
