namespace Hafen.Networking;

/// <summary>
/// A network namespace and its places in networks. It is made before the container that runs in it, which then joins it, as others may
/// (<c>--network container:…</c>). Calls are ordered by whoever it is for: the gate of its container.
/// </summary>
public interface ISandbox
{
    /// <summary>That of its container.</summary>
    string Id { get; }

    /// <summary>Its places, in the order in which they were reserved.</summary>
    IReadOnlyList<Endpoint> Endpoints { get; }

    /// <summary>By this name a process can enter its namespace while this daemon lives; null before <see cref="OpenAsync"/>, and when it is the host's.</summary>
    string? NamespacePath { get; }

    /// <summary>Takes a place in a network, and its address: the hosts file needs it. The same again when it has been taken already.</summary>
    /// <exception cref="NetworkException">It cannot be had.</exception>
    Endpoint Reserve(NetworkInfo network, EndpointRequest request);

    /// <summary>Makes the namespace, unless it is the host's.</summary>
    /// <exception cref="NetworkException">The kernel refused.</exception>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Makes the interfaces of the places that have none yet.</summary>
    /// <exception cref="NetworkException">One of them could not be made.</exception>
    Task ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Gives up one place.</summary>
    /// <exception cref="NetworkException">The kernel refused, or it has no place in that network.</exception>
    Task DisconnectAsync(string networkId, CancellationToken cancellationToken);
}
