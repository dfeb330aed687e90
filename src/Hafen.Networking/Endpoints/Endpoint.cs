namespace Hafen.Networking;

/// <summary>A sandbox's place in a network. Where the network gives no interface the addresses are null.</summary>
public sealed record Endpoint
{
    public required string Id { get; init; }

    /// <summary>The sandbox, which has its container's ID.</summary>
    public required string ContainerId { get; init; }
    public required string NetworkId { get; init; }
    public required string NetworkName { get; init; }
    public string? Address { get; init; }
    public int PrefixLength { get; init; }
    public string? Gateway { get; init; }
    public string? MacAddress { get; init; }
    /// <summary>Name of the host's end of the veth pair.</summary>
    public string? HostInterface { get; init; }
    /// <summary>Name inside the sandbox, <c>eth0</c>.</summary>
    public string? ContainerInterface { get; init; }
}
