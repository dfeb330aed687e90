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

    /// <summary>
    /// The network that a container's request means: by name, ID or unambiguous ID prefix, and <c>default</c> for the one that is taken when nothing is said.
    /// This is the only place where that is decided; who asks goes on with what is found. Null when there is none.
    /// </summary>
    /// <exception cref="NetworkException">The prefix is ambiguous.</exception>
    NetworkInfo? ForContainer(string reference);

    /// <summary>Takes an address for a container before it starts (its hosts file needs it). Idempotent for the same container and network.</summary>
    /// <param name="network">One of ours.</param>
    /// <exception cref="NetworkException">The address cannot be had.</exception>
    Endpoint Reserve(string containerId, NetworkInfo network, IPAddress? address, PhysicalAddress? mac);

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

/// <summary>What a network gives to a container.</summary>
public enum NetworkReach
{
    /// <summary>A network namespace of its own with an interface in it.</summary>
    Connected,
    /// <summary>A network namespace of its own with nothing but the loopback interface.</summary>
    Isolated,
    /// <summary>The host's network namespace.</summary>
    Host,
}

/// <summary>A network as the Engine API shows it.</summary>
public sealed record NetworkInfo
{
    public const string DefaultName = "default";

    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Driver { get; init; }
    public required DateTimeOffset Created { get; init; }
    public string Scope { get; init; } = "local";
    public NetworkReach Reach { get; init; }

    /// <summary>Made by the engine, not by a user: it takes no wishes for addresses or aliases.</summary>
    public bool Predefined { get; init; }

    /// <summary>Taken when nothing is said.</summary>
    public bool IsDefault { get; init; }
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
