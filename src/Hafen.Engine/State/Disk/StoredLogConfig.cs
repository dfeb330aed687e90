namespace Hafen.Engine.State.Disk;

/// <summary>Log driver and its options.</summary>
internal sealed record StoredLogConfig
{
    public string? Type { get; init; }
    public Dictionary<string, string>? Config { get; init; }
}
