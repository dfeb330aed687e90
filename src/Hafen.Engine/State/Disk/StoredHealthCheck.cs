namespace Hafen.Engine.State.Disk;

/// <summary>A health check; durations in nanoseconds, 0 is "inherit".</summary>
internal sealed record StoredHealthCheck
{
    public string[]? Test { get; init; }
    public long Interval { get; init; }
    public long Timeout { get; init; }
    public long StartPeriod { get; init; }
    public long StartInterval { get; init; }
    public int Retries { get; init; }
}
