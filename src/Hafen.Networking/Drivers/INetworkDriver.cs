using Hafen.Networking.State;

namespace Hafen.Networking.Drivers;

/// <summary>
/// A kind of network. It makes its networks' objects and keeps what they share; everything that one of them has, it has itself (<see cref="INetwork"/>).
/// A new driver is a folder with these two and a line in <see cref="NetworkDrivers"/>.
/// </summary>
public interface INetworkDriver : IAsyncDisposable
{
    /// <summary>As <c>--driver</c> and the API name it.</summary>
    string Name { get; }

    /// <summary>Name of the network of this kind that the engine makes by itself, which nobody else may give to one; null when there is no such.</summary>
    string? PredefinedName { get; }

    /// <summary>Whether that is there.</summary>
    bool HasPredefined { get; }

    /// <summary>Whether people may make networks of this kind.</summary>
    bool Creates { get; }

    /// <summary>What its networks share on this host, as far as the operator should know of it. Filled by <see cref="Commit"/>.</summary>
    IReadOnlyList<string> Warnings { get; }

    /// <summary>The network of a record; nothing is changed.</summary>
    INetwork Of(NetworkRecord record);

    /// <summary>Brings what the open networks share, for example firewall rules, in line with which of them there are. Called in turn (<see cref="Kernel.HostStack"/>).</summary>
    /// <exception cref="NetworkException">It cannot be done; the networks do not work then.</exception>
    void Commit();

    /// <summary>Takes away what the networks share, after the networks: for tests and uninstalling. Called in turn.</summary>
    void Uninstall();
}
