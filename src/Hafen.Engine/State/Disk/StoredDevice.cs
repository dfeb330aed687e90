namespace Hafen.Engine.State.Disk;

/// <summary>A device of the host in a container.</summary>
internal sealed record StoredDevice
{
    public string? PathOnHost { get; init; }
    public string? PathInContainer { get; init; }
    public string? CgroupPermissions { get; init; }
}
