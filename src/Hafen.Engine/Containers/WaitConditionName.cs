namespace Hafen.Engine.Containers;

/// <summary>The conditions of a wait as the Engine API names them.</summary>
public static class WaitConditionName
{
    /// <summary>Null and empty are what old clients mean without saying it.</summary>
    /// <exception cref="EngineException">There is no such condition.</exception>
    public static WaitCondition Parse(string? text) => text switch
    {
        null or "" or "not-running" => WaitCondition.NotRunning,
        "next-exit" => WaitCondition.NextExit,
        "removed" => WaitCondition.Removed,
        _ => throw EngineException.InvalidParameter($"invalid condition: \"{text}\""),
    };
}
