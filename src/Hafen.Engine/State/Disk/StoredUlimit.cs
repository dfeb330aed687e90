namespace Hafen.Engine.State.Disk;

/// <summary>A limit as in setrlimit(2); -1 is "unlimited".</summary>
internal sealed record StoredUlimit
{
    public string? Name { get; init; }
    public long Hard { get; init; }
    public long Soft { get; init; }
}
