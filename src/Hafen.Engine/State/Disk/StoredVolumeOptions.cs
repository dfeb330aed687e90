namespace Hafen.Engine.State.Disk;

/// <summary>Options of a volume.</summary>
internal sealed record StoredVolumeOptions
{
    public bool NoCopy { get; init; }
    public Dictionary<string, string>? Labels { get; init; }
    public string? Subpath { get; init; }
    public StoredVolumeDriver? DriverConfig { get; init; }
}
