namespace Hafen.Engine.State.Disk;

/// <summary>Options of a bind mount.</summary>
internal sealed record StoredBindOptions
{
    public string? Propagation { get; init; }
    public bool NonRecursive { get; init; }
    public bool CreateMountpoint { get; init; }
    public bool ReadOnlyNonRecursive { get; init; }
    public bool ReadOnlyForceRecursive { get; init; }
}
