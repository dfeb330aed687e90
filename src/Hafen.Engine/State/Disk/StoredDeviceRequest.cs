namespace Hafen.Engine.State.Disk;

/// <summary>Devices asked of a driver.</summary>
internal sealed record StoredDeviceRequest
{
    public string? Driver { get; init; }
    public int Count { get; init; }
    public string[]? DeviceIDs { get; init; }
    public string[][]? Capabilities { get; init; }
    public Dictionary<string, string>? Options { get; init; }
}
