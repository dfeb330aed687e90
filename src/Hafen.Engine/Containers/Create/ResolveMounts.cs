using Hafen.Api;
using Hafen.Engine.State;
using Hafen.Volumes;

namespace Hafen.Engine.Containers.Create;

/// <summary>A container's mounts: those of other containers, <c>-v</c>, <c>--mount</c>, <c>--tmpfs</c> and the image's volumes; volumes are made when missing.</summary>
internal sealed class ResolveMounts(ContainerEngine engine)
{
    private readonly Dictionary<string, ContainerMount> _byDestination = new(StringComparer.Ordinal);
    private readonly HashSet<string> _noCopy = new(StringComparer.Ordinal);
    private readonly HashSet<string> _inherited = new(StringComparer.Ordinal);
    private readonly List<string> _made = [];

    /// <summary>Decides on the mounts; nothing is made yet.</summary>
    /// <exception cref="EngineException">Malformed, or two mounts at one place.</exception>
    public void Decide(HostConfig host, ContainerConfig container, bool readOnlyNonRecursive)
    {
        // 1. Mounts of other containers; later ones of the same place win over these.
        foreach (string reference in host.VolumesFrom ?? []) Inherit(reference);

        // 2. -v
        var own = new HashSet<string>(StringComparer.Ordinal);
        foreach (string text in host.Binds ?? [])
        {
            var (mount, noCopy) = ParseMounts.Bind(text, host.VolumeDriver);
            if (readOnlyNonRecursive && mount.Type == "bind") mount = mount with { ReadOnlyNonRecursive = true };
            if (host.Tmpfs?.ContainsKey(mount.Destination) == true) throw Duplicate(mount.Destination);
            Put(mount, noCopy, own);
        }

        // 3. --mount
        foreach (var request in host.Mounts ?? [])
        {
            var (mount, noCopy) = ParseMounts.Request(request, Path.Exists);
            if (mount.ReadOnlyForceRecursive && !engine.Rooms.Host.RecursiveReadOnly)
                throw EngineException.InvalidParameter("rro is not supported: kernel 5.12 or later is needed");
            if (host.Tmpfs?.ContainsKey(mount.Destination) == true) throw Duplicate(mount.Destination);
            Put(mount, noCopy, own);
        }

        // 4. --tmpfs
        foreach (var (destination, words) in host.Tmpfs ?? [])
        {
            ParseMounts.CheckTmpfsPath(destination);
            Put(new ContainerMount
            {
                Type = "tmpfs",
                Destination = CleanPath.Of(destination),
                Writable = true,
                TmpfsOptions = TmpfsSettings.FromWords(words),
            }, noCopy: true, own);
        }

        // 5. Anonymous volumes where nothing else is mounted.
        foreach (string destination in container.Volumes?.Keys ?? Enumerable.Empty<string>())
        {
            var mount = ParseMounts.Anonymous(destination, host.VolumeDriver);
            _byDestination.TryAdd(mount.Destination, mount);
        }
    }

    /// <summary>Makes the volumes that are missing and returns the final mounts, parents before children.</summary>
    public ContainerMount[] MakeVolumes(HostConfig host)
    {
        foreach (var (destination, mount) in _byDestination.ToArray())
        {
            if (mount.Type != "volume" || _inherited.Contains(destination)) continue;
            var request = host.Mounts?.FirstOrDefault(m => m.Type == "volume" && CleanPath.Of(m.Target!) == destination)?.VolumeOptions;
            bool fresh = mount.Name is null || engine.Rooms.Volumes.Find(mount.Name) is null;
            var volume = Make(mount, request);
            if (fresh)
            {
                _made.Add(volume.Name);
                engine.Events.Publish("volume", "create", volume.Name, new Dictionary<string, string> { ["driver"] = volume.Driver });
            }
            _byDestination[destination] = mount with { Name = volume.Name, Driver = volume.Driver, Source = volume.Mountpoint };
        }
        return [.. _byDestination.Values.OrderBy(m => m.Destination.Count(c => c == '/')).ThenBy(m => m.Destination, StringComparer.Ordinal)];
    }

    /// <summary>Fills empty volumes with what the image holds at their place.</summary>
    public void Populate(IReadOnlyList<ContainerMount> mounts, Func<IReadOnlyList<string>> layers)
    {
        foreach (var mount in mounts)
        {
            if (mount.Type != "volume" || mount.Subpath is { Length: > 0 }) continue;
            if (_noCopy.Contains(mount.Destination) || _inherited.Contains(mount.Destination)) continue;
            engine.Rooms.Volumes.Populate(mount.Name!, layers(), mount.Destination);
        }
    }

    /// <summary>Removes what <see cref="MakeVolumes"/> made.</summary>
    public void Undo()
    {
        foreach (string name in _made)
        {
            try
            {
                engine.Rooms.Volumes.Remove(name);
            }
            catch (VolumeException)
            {
                // Someone else uses it meanwhile; then it is theirs.
            }
        }
    }

    private Volume Make(ContainerMount mount, VolumeOptions? request)
    {
        try
        {
            return engine.Rooms.Volumes.Create(mount.Name, mount.Driver, request?.DriverConfig?.Options, request?.Labels);
        }
        catch (VolumeException e)
        {
            var kind = e.Kind switch
            {
                VolumeErrorKind.NotFound => EngineErrorKind.NotFound,
                VolumeErrorKind.InvalidParameter => EngineErrorKind.InvalidParameter,
                _ => EngineErrorKind.Conflict,
            };
            throw new EngineException(kind, e.Message, e);
        }
    }

    private void Inherit(string reference)
    {
        int colon = reference.IndexOf(':', StringComparison.Ordinal);
        string id = colon < 0 ? reference : reference[..colon];
        string words = colon < 0 ? "rw" : reference[(colon + 1)..];
        if (id.Length == 0) throw EngineException.InvalidParameter("volumes-from specification cannot be an empty string");
        if (!MountMode.TryParse(words, out var mode) || mode.Propagation is not null || mode.NoCopy is not null)
            throw EngineException.InvalidParameter($"invalid mode: {words}");
        // Not "not found": at create, clients take that for a missing image and pull it.
        if (!engine.Store.TryGet(id, out var other)) throw EngineException.InvalidParameter($"No such container: {id}");
        foreach (var mount in other.Record.Mounts)
        {
            _byDestination[mount.Destination] = mount with { Writable = mount.Writable && !mode.ReadOnly, Mode = words, Anonymous = false };
            _inherited.Add(mount.Destination);
        }
    }

    private void Put(ContainerMount mount, bool noCopy, HashSet<string> own)
    {
        if (!own.Add(mount.Destination)) throw Duplicate(mount.Destination);
        _byDestination[mount.Destination] = mount;
        _inherited.Remove(mount.Destination);
        if (noCopy) _noCopy.Add(mount.Destination);
    }

    private static EngineException Duplicate(string destination) => EngineException.InvalidParameter($"Duplicate mount point: {destination}");
}
