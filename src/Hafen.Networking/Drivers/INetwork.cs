using Hafen.Networking.Sandboxes;
using Hafen.Networking.State;

namespace Hafen.Networking.Drivers;

/// <summary>
/// A network and all that is kept for it. What is not asynchronous and changes the kernel is called in turn (<see cref="Kernel.HostStack"/>); the
/// asynchronous methods take their turns themselves. The rest can be called at any time and waits for nothing.
/// </summary>
public interface INetwork
{
    /// <summary>What is remembered of it.</summary>
    NetworkRecord Record { get; }

    /// <summary>What it is to others.</summary>
    NetworkInfo Info { get; }

    /// <summary>Who is in it.</summary>
    IReadOnlyList<Endpoint> Endpoints { get; }

    /// <summary>Decides what it will be on this host as that is now. Changes nothing: the result is written down before it is made true by <see cref="Open"/>.</summary>
    /// <param name="others">The networks of all drivers that are there beside it.</param>
    /// <exception cref="NetworkException">It cannot be.</exception>
    NetworkRecord Plan(IReadOnlyList<NetworkRecord> others);

    /// <summary>Makes what the kernel holds for it, or repairs what is there.</summary>
    /// <param name="planned">As <see cref="Plan"/> said; from here on <see cref="Record"/>.</param>
    /// <returns>What the operator should know.</returns>
    IReadOnlyList<string> Open(NetworkRecord planned);

    /// <summary>Removes what the kernel holds for it and nobody else has made.</summary>
    void Remove();

    /// <summary>Gives a sandbox its place and address, the same when it has them already.</summary>
    /// <param name="sandboxId">The sandbox.</param>
    /// <param name="request">What is wanted of it.</param>
    /// <param name="interfaceName">What its interface will be called inside.</param>
    /// <exception cref="NetworkException">It cannot be had.</exception>
    Endpoint Reserve(string sandboxId, EndpointRequest request, string interfaceName);

    /// <summary>Takes note of a place from before the daemon's restart.</summary>
    void Restore(Endpoint endpoint);

    /// <summary>The place is free for others.</summary>
    void Release(Endpoint endpoint);

    /// <summary>Makes the interface of a reserved place inside a sandbox. Packets pass when this returns.</summary>
    /// <param name="endpoint">The place.</param>
    /// <param name="place">Where.</param>
    /// <param name="defaultRoute">Whether what is meant for the rest of the world leaves by it.</param>
    /// <exception cref="NetworkException">The kernel refused; nothing is left behind.</exception>
    Task ConnectAsync(Endpoint endpoint, SandboxNamespace place, bool defaultRoute, CancellationToken cancellationToken);

    /// <summary>Cuts a place off: nothing it sends arrives any more. Its interface is removed now, by the kernel at the sandbox's end, or a while later.</summary>
    /// <exception cref="NetworkException">The kernel refused.</exception>
    Task DisconnectAsync(Endpoint endpoint, CancellationToken cancellationToken);

    /// <summary>Removes interfaces that a former daemon has left.</summary>
    /// <param name="inUse">The host's interfaces of all sandboxes that there are.</param>
    void Sweep(IReadOnlySet<string> inUse);
}
