namespace Hafen.Engine.State.Disk;

/// <summary>A network a container is to be in.</summary>
internal sealed record StoredNetwork
{
    public required string Name { get; init; }
    public required StoredEndpointSettings Settings { get; init; }
}
