using Hafen.Engine.State;

namespace Hafen.Engine.Containers.Create;

/// <summary>
/// Binds of the engine's state folder, of what lies below it, and of what it lies below (<c>-v /:/host</c>): a container that held a private copy of the mounts in
/// there would keep them busy after the engine has unmounted them, so it has to follow the host.
/// </summary>
internal static class StateFolderRule
{
    private const string Follows = "rslave", Shares = "rshared";

    /// <summary>The mount as it is to be made.</summary>
    /// <param name="mount">Any mount.</param>
    /// <param name="explicitly">The request says which propagation it wants.</param>
    /// <param name="root">The state folder.</param>
    /// <exception cref="EngineException">The request wants one that would keep our mounts busy.</exception>
    public static ContainerMount Apply(ContainerMount mount, bool explicitly, string root)
    {
        if (mount.Type != "bind" || mount.Source is not { } source || !(IsWithin(source, root) || IsWithin(root, source)))
            return mount;
        if (!explicitly)
            return mount with { Propagation = Follows, FollowsHost = true };
        if (mount.Propagation is Follows or Shares)
            return mount;
        throw EngineException.InvalidParameter(
            $"invalid mount config: must use either propagation mode \"{Follows}\" or \"{Shares}\" when mount source is within the daemon root, "
            + $"daemon root: \"{root}\", bind mount source: \"{source}\", propagation: \"{mount.Propagation}\"");
    }

    private static bool IsWithin(string path, string folder)
        => folder == "/" || path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);
}
