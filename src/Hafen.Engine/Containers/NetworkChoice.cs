using Hafen.Api;
using Hafen.Engine.Containers.Create;
using Hafen.Errors;
using Hafen.Networking;

namespace Hafen.Engine.Containers;

/// <summary>Where a container's network namespace comes from, read once from its network mode. Who needs to know asks this, not the text.</summary>
/// <param name="Network">The network of the mode; null when another container's namespace is shared, or when there is no such network (yet).</param>
/// <param name="SharedContainer">The container whose namespace is shared, as the mode names it.</param>
internal sealed record NetworkChoice(NetworkInfo? Network, string? SharedContainer)
{
    public bool UsesHost => Network is { Reach: NetworkReach.Host };

    public bool SharesContainer => SharedContainer is not null;

    public bool HasOwnNamespace => !UsesHost && !SharesContainer;

    /// <summary>It is to reach others through an interface of its own.</summary>
    public bool HasInterface => HasOwnNamespace && Network is not { Reach: NetworkReach.Isolated };

    /// <exception cref="EngineException">The mode is the beginning of more than one network's ID.</exception>
    public static NetworkChoice Of(string? mode, bool disabled, INetworks networks)
    {
        if (disabled)
            return new NetworkChoice(networks.List().FirstOrDefault(static network => network.Reach == NetworkReach.Isolated), null);
        if (NamespaceMode.ContainerOf(mode) is { } container)
            return new NetworkChoice(null, container);
        return new NetworkChoice(Find(networks, string.IsNullOrEmpty(mode) ? NetworkInfo.DefaultName : mode), null);
    }

    /// <summary>Of a container as it stands.</summary>
    public static NetworkChoice Of(HostConfig host, ContainerConfig config, INetworks networks) => Of(host.NetworkMode, config.NetworkDisabled, networks);

    /// <exception cref="EngineException">It is the beginning of more than one network's ID.</exception>
    public static NetworkInfo? Find(INetworks networks, string reference)
    {
        try
        {
            return networks.ForContainer(reference);
        }
        catch (NetworkException exception) when (exception.Kind == ErrorKind.Ambiguous)
        {
            throw new EngineException(ErrorKind.InvalidParameter, exception.Message, exception);
        }
    }
}
