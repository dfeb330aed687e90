namespace Hafen.Engine.State.Disk;

/// <summary>What a health check has found.</summary>
internal sealed record StoredHealth
{
    public string? Status { get; init; }
    public int FailingStreak { get; init; }
    public StoredHealthResult[]? Log { get; init; }
}
