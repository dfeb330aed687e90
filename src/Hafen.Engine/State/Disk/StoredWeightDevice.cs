namespace Hafen.Engine.State.Disk;

/// <summary>Share of a block device.</summary>
internal sealed record StoredWeightDevice
{
    public string? Path { get; init; }
    public ushort Weight { get; init; }
}
