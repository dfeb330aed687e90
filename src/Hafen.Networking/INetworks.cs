using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;

namespace Hafen.Networking;

/// <summary>The networks of this host: in this state of the project <c>bridge</c>, <c>host</c> and <c>none</c>.</summary>
public interface INetworks : IAsyncDisposable
{
    /// <summary>What the operator should know about this host, for example a firewall that drops what containers send. Filled by <see cref="OpenAsync"/>.</summary>
    IReadOnlyList<string> Warnings { get; }

    /// <summary>Makes the default bridge and its nftables rules when they are not there yet, and repairs them. <c>host</c> and <c>none</c> need nothing.</summary>
    Task OpenAsync(CancellationToken cancellationToken);

    IReadOnlyList<NetworkInfo> List();

    /// <summary>Finds by name, ID or unambiguous ID prefix.</summary>
    NetworkInfo? Find(string nameOrId);

    /// <summary>Takes an address for a container before it starts (its hosts file needs it). Idempotent for the same container and network.</summary>
    Endpoint Reserve(string containerId, string network, IPAddress? address, PhysicalAddress? mac);

    /// <summary>
    /// Makes the interface of a reserved endpoint inside the network namespace: veth pair, address, routes, loopback up.
    /// For <c>none</c> only the loopback is set up.
    /// </summary>
    Task AttachAsync(Endpoint endpoint, SafeHandle networkNamespace, CancellationToken cancellationToken);

    /// <summary>Gives back what the container held: its address, its host interface when the kernel has not removed it yet.</summary>
    Task ReleaseAsync(string containerId, CancellationToken cancellationToken);

    /// <summary>After a daemon restart: takes note of the endpoints of containers that still run and removes everything else that is ours.</summary>
    Task RestoreAsync(IReadOnlyList<Endpoint> running, CancellationToken cancellationToken);
}

/// <summary>A network as the Engine API shows it.</summary>
public sealed record NetworkInfo
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Driver { get; init; }
    public required DateTimeOffset Created { get; init; }
    public string Scope { get; init; } = "local";
    public string? Subnet { get; init; }
    public string? Gateway { get; init; }
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();
}

/// <summary>A container's place in a network. For <c>host</c> and <c>none</c> the addresses are null.</summary>
public sealed record Endpoint
{
    public required string Id { get; init; }
    public required string ContainerId { get; init; }
    public required string NetworkId { get; init; }
    public required string NetworkName { get; init; }
    public string? Address { get; init; }
    public int PrefixLength { get; init; }
    public string? Gateway { get; init; }
    public string? MacAddress { get; init; }
    /// <summary>Name of the host's end of the veth pair.</summary>
    public string? HostInterface { get; init; }
    /// <summary>Name inside the container, <c>eth0</c>.</summary>
    public string? ContainerInterface { get; init; }
}
