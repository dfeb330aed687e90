using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;

namespace Hafen.Networking;

/// <summary>The networks of this host, kept in the kernel and in <c>networks/</c> below the state folder.</summary>
public sealed class Networks(NetworkOptions options) : INetworks
{
    /// <summary>What the operator should know about this host, for example a firewall that drops what containers send. Filled by <see cref="OpenAsync"/>.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    public Task OpenAsync(CancellationToken cancellationToken) => throw new NotSupportedException(options.BridgeName);

    public IReadOnlyList<NetworkInfo> List() => throw new NotSupportedException();

    public NetworkInfo? Find(string nameOrId) => throw new NotSupportedException();

    public Endpoint Reserve(string containerId, string network, IPAddress? address, PhysicalAddress? mac) => throw new NotSupportedException();

    public Task AttachAsync(Endpoint endpoint, SafeHandle networkNamespace, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ReleaseAsync(string containerId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RestoreAsync(IReadOnlyList<Endpoint> running, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Takes the bridge, the firewall rules and, when Hafen switched it on, the forwarding away again: for tests and uninstalling. State files stay.</summary>
    public Task RemoveAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
