namespace Hafen.Engine.State.Disk;

/// <summary>Driver of a volume and its options.</summary>
internal sealed record StoredVolumeDriver
{
    public string? Name { get; init; }
    public Dictionary<string, string>? Options { get; init; }
}
