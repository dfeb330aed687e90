namespace Hafen.Engine.State.Disk;

/// <summary>Bytes or operations a second on a block device.</summary>
internal sealed record StoredThrottleDevice
{
    public string? Path { get; init; }
    public ulong Rate { get; init; }
}
