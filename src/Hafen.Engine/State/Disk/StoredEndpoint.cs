namespace Hafen.Engine.State.Disk;

/// <summary>A place in a network that a container holds.</summary>
internal sealed record StoredEndpoint
{
    public required string Id { get; init; }
    public required string ContainerId { get; init; }
    public required string NetworkId { get; init; }
    public required string NetworkName { get; init; }
    public string? Address { get; init; }
    public int PrefixLength { get; init; }
    public string? Gateway { get; init; }
    public string? MacAddress { get; init; }
    public string? HostInterface { get; init; }
    public string? ContainerInterface { get; init; }
}
