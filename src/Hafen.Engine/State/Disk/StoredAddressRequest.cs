namespace Hafen.Engine.State.Disk;

/// <summary>Addresses that were asked for.</summary>
internal sealed record StoredAddressRequest
{
    public string? IPv4Address { get; init; }
    public string? IPv6Address { get; init; }
    public string[]? LinkLocalIPs { get; init; }
}
