namespace Hafen.Engine.State.Disk;

/// <summary>One run of a health check; times in RFC 3339.</summary>
internal sealed record StoredHealthResult
{
    public string? Start { get; init; }
    public string? End { get; init; }
    public int ExitCode { get; init; }
    public string? Output { get; init; }
}
