namespace Hafen.Engine.State.Disk;

/// <summary>Where a port is published on the host.</summary>
internal sealed record StoredPortBinding
{
    public string? HostIp { get; init; }
    public string? HostPort { get; init; }
}
