namespace Hafen.Engine.State.Disk;

/// <summary>What was asked for a container's place in a network.</summary>
internal sealed record StoredEndpointSettings
{
    public StoredAddressRequest? IPAMConfig { get; init; }
    public string[]? Links { get; init; }
    public string[]? Aliases { get; init; }
    public string? MacAddress { get; init; }
    public Dictionary<string, string>? DriverOpts { get; init; }
    public int GwPriority { get; init; }
    public string? IPv6Gateway { get; init; }
    public string? GlobalIPv6Address { get; init; }
    public int GlobalIPv6PrefixLen { get; init; }
    public string[]? DNSNames { get; init; }
}
