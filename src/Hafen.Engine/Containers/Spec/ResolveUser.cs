using System.Collections.Concurrent;
using Hafen.Engine.State;

namespace Hafen.Engine.Containers.Spec;

/// <summary>Looks a container's user up in its root. A container that has never run shows its image, so its answer is remembered.</summary>
internal sealed class ResolveUser
{
    // Host files with a hundred thousand users have 8 MB; more than that is an attack on our memory (unbounded parsing).
    private const int MostBytes = 16 * 1024 * 1024;
    private const int MostEntries = 512, MostRememberedGroups = 64;

    private readonly ConcurrentDictionary<(string Layer, string User, string Groups), ContainerUser> _known = new();

    /// <param name="record">The container.</param>
    /// <param name="pristine">It has never run.</param>
    /// <param name="layers">Its layers, topmost first; asked for only when needed.</param>
    /// <exception cref="UserLookupException">No such user or group.</exception>
    public ContainerUser Find(ContainerRecord record, bool pristine, Func<IReadOnlyList<string>> layers)
    {
        var key = (record.TopLayer ?? "", record.Config.User ?? "", string.Join(',', record.HostConfig.GroupAdd ?? []));
        if (pristine && _known.TryGetValue(key, out var known))
            return known;

        var root = new LayeredRoot(layers());
        ContainerUser user;
        try
        {
            user = UserLookup.Find(
                record.Config.User, record.HostConfig.GroupAdd, root.TryRead("/etc/passwd", MostBytes), root.TryRead("/etc/group", MostBytes));
        }
        catch (InvalidDataException exception)
        {
            throw new UserLookupException($"unable to find user {record.Config.User}: {exception.Message}");
        }
        if (pristine && user.AdditionalGids.Length <= MostRememberedGroups)
        {
            if (_known.Count >= MostEntries)
                _known.Clear();
            _known[key] = user;
        }
        return user;
    }
}
