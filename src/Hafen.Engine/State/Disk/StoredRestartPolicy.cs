namespace Hafen.Engine.State.Disk;

/// <summary>When a container is started again by itself.</summary>
internal sealed record StoredRestartPolicy
{
    public string? Name { get; init; }
    public int MaximumRetryCount { get; init; }
}
