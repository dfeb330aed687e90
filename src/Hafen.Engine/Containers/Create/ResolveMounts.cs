using Hafen.Api;
using Hafen.Engine.Events;
using Hafen.Engine.State;
using Hafen.Errors;
using Hafen.Volumes;

namespace Hafen.Engine.Containers.Create;

/// <summary>A container's mounts: those of other containers, <c>-v</c>, <c>--mount</c>, <c>--tmpfs</c> and the image's volumes; volumes are made when missing.</summary>
/// <param name="containers">Those whose mounts can be inherited.</param>
/// <param name="uses">Who else uses a volume.</param>
/// <param name="volumes">The volumes.</param>
/// <param name="events">Told of new volumes.</param>
/// <param name="host">What the kernel can do.</param>
/// <param name="root">The engine's state folder.</param>
internal sealed class ResolveMounts(ContainerStore containers, ContainerUses uses, IVolumes volumes, EventStream events, HostFacts host, string root)
{
    private readonly Dictionary<string, ContainerMount> _byDestination = new(StringComparer.Ordinal);
    private readonly HashSet<string> _noCopy = new(StringComparer.Ordinal);
    private readonly HashSet<string> _inherited = new(StringComparer.Ordinal);
    private readonly List<string> _made = [];
    private readonly List<(string Volume, string User)> _held = [];

    /// <summary>Decides on the mounts; nothing is made yet.</summary>
    /// <exception cref="EngineException">Malformed, or two mounts at one place.</exception>
    public void Decide(HostConfig wanted, ContainerConfig container, bool readOnlyNonRecursive)
    {
        // 1. Mounts of other containers; later ones of the same place win over these.
        foreach (string reference in wanted.VolumesFrom ?? [])
            Inherit(reference);

        // 2. -v
        var own = new HashSet<string>(StringComparer.Ordinal);
        foreach (string text in wanted.Binds ?? [])
        {
            var (mount, mode) = ParseMounts.Bind(text, wanted.VolumeDriver);
            if (readOnlyNonRecursive && mount.Type == "bind")
                mount = mount with { ReadOnlyNonRecursive = true };
            mount = StateFolderRule.Apply(mount, mode.Propagation is not null, root);
            if (wanted.Tmpfs?.ContainsKey(mount.Destination) == true)
                throw Duplicate(mount.Destination);
            Put(mount, mode.NoCopy ?? false, own);
        }

        // 3. --mount
        foreach (var request in wanted.Mounts ?? [])
        {
            var (mount, noCopy) = ParseMounts.Request(request, Path.Exists);
            if (mount.ReadOnlyForceRecursive && !host.RecursiveReadOnly)
                throw EngineException.InvalidParameter("rro is not supported: kernel 5.12 or later is needed");
            mount = StateFolderRule.Apply(mount, request.BindOptions?.Propagation is { Length: > 0 }, root);
            if (mount.Type != "tmpfs" && wanted.Tmpfs?.ContainsKey(mount.Destination) == true)
                throw Duplicate(mount.Destination);
            Put(mount, noCopy, own, request.Target!);
        }

        // 4. --tmpfs
        foreach (var (destination, words) in wanted.Tmpfs ?? [])
        {
            ParseMounts.CheckTmpfsPath(destination);
            // Of a tmpfs that is asked for twice the last one counts; nothing is lost with the other.
            string place = CleanPath.Of(destination);
            if (_byDestination.TryGetValue(place, out var earlier) && earlier.Type == "tmpfs")
                own.Remove(place);
            Put(new ContainerMount
            {
                Type = "tmpfs",
                Destination = place,
                Writable = true,
                TmpfsOptions = TmpfsSettings.FromWords(words),
            }, noCopy: true, own);
        }

        // 5. Anonymous volumes where nothing else is mounted.
        foreach (string destination in container.Volumes?.Keys ?? Enumerable.Empty<string>())
        {
            var mount = ParseMounts.Anonymous(destination, wanted.VolumeDriver);
            if (!_byDestination.ContainsKey(CleanPath.Rooted(mount.Destination)))
                _byDestination.TryAdd(mount.Destination, mount);
        }
    }

    /// <summary>Makes the volumes that are missing and returns the final mounts, parents before children. Nobody removes a volume of them before <see cref="ReleaseAsync"/>.</summary>
    /// <param name="wanted">What was asked for.</param>
    /// <param name="id">The container's, which nobody knows yet.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    public async ValueTask<ContainerMount[]> MakeVolumesAsync(HostConfig wanted, string id, CancellationToken cancellationToken)
    {
        foreach (var mount in _inherited.Select(destination => _byDestination[destination]).Where(mount => mount.Type == "volume"))
            await HoldAsync(mount.Name!, id, cancellationToken);
        foreach (var (destination, mount) in _byDestination.ToArray())
        {
            if (mount.Type != "volume" || _inherited.Contains(destination))
                continue;
            var request = wanted.Mounts?.FirstOrDefault(m => m.Type == "volume" && CleanPath.Of(m.Target!) == destination)?.VolumeOptions;
            bool fresh;
            Volume volume;
            do
            {
                fresh = mount.Name is null || volumes.Find(mount.Name) is null;
                volume = await MakeAsync(mount, request, cancellationToken);
            }
            while (!await TryHoldAsync(volume.Name, id, cancellationToken));
            if (fresh)
            {
                _made.Add(volume.Name);
                events.Publish("volume", "create", volume.Name, new Dictionary<string, string> { ["driver"] = volume.Driver });
            }
            _byDestination[destination] = mount with { Name = volume.Name, Driver = volume.Driver, Source = volume.Mountpoint };
        }
        return [.. _byDestination.Values.OrderBy(m => Spec.BuildMounts.Depth(m.Destination)).ThenBy(m => m.Destination, StringComparer.Ordinal)];
    }

    /// <summary>Fills empty volumes with what the image holds at their place.</summary>
    public async ValueTask PopulateAsync(IReadOnlyList<ContainerMount> mounts, Func<IReadOnlyList<string>> layers, CancellationToken cancellationToken)
    {
        foreach (var mount in mounts)
        {
            if (mount.Type != "volume" || mount.Subpath is { Length: > 0 })
                continue;
            if (_noCopy.Contains(mount.Destination) || _inherited.Contains(mount.Destination))
                continue;
            await volumes.PopulateAsync(mount.Name!, layers(), CleanPath.Rooted(mount.Destination), cancellationToken);
        }
    }

    /// <summary>The container is known now, or will never be: volumes are kept by it, or not at all.</summary>
    public async ValueTask ReleaseAsync()
    {
        List<Task>? pending = null;
        foreach (var (volume, user) in _held)
        {
            var releasing = volumes.UnmountAsync(volume, user, CancellationToken.None);
            if (releasing.IsCompletedSuccessfully)
                continue;
            // The users are all gone before one of these is waited for.
            (pending ??= []).Add(releasing.AsTask());
        }
        _held.Clear();
        if (pending is not null)
            await Task.WhenAll(pending);
    }

    /// <summary>Removes what <see cref="MakeVolumesAsync"/> made.</summary>
    public async Task UndoAsync()
    {
        await ReleaseAsync();
        foreach (string name in _made)
        {
            try
            {
                if (uses.OfVolume(name).Count == 0)
                    await volumes.RemoveAsync(name, CancellationToken.None);
            }
            catch (VolumeException)
            {
                // Someone else uses it meanwhile; then it is theirs.
            }
        }
    }

    private async ValueTask HoldAsync(string volume, string id, CancellationToken cancellationToken)
    {
        if (!await TryHoldAsync(volume, id, cancellationToken))
            throw EngineException.NotFound($"get {volume}: no such volume");
    }

    /// <summary>False when somebody has removed the volume.</summary>
    private async ValueTask<bool> TryHoldAsync(string volume, string id, CancellationToken cancellationToken)
    {
        string user = "create " + id;
        try
        {
            await volumes.HoldAsync(volume, user, cancellationToken);
            _held.Add((volume, user));
            return true;
        }
        catch (VolumeException exception) when (exception.Kind == ErrorKind.NotFound)
        {
            return false;
        }
    }

    private async ValueTask<Volume> MakeAsync(ContainerMount mount, VolumeOptions? request, CancellationToken cancellationToken)
    {
        try
        {
            return await volumes.CreateAsync(mount.Name, mount.Driver, request?.DriverConfig?.Options, request?.Labels, cancellationToken);
        }
        catch (VolumeException exception) when (exception.Kind == ErrorKind.NotFound)
        {
            // Not "not found": at create, clients take that for a missing image and pull it.
            throw EngineException.InvalidParameter(exception.Message);
        }
    }

    private void Inherit(string reference)
    {
        int colon = reference.IndexOf(':', StringComparison.Ordinal);
        string id = colon < 0 ? reference : reference[..colon];
        string words = colon < 0 ? "" : reference[(colon + 1)..];
        if (id.Length == 0)
            throw EngineException.InvalidParameter("volumes-from specification cannot be an empty string");
        if (!MountMode.TryParse(words, out var mode) || mode.Propagation is not null || mode.NoCopy is not null)
            throw EngineException.InvalidParameter($"invalid mode: {words}");
        // Not "not found": at create, clients take that for a missing image and pull it.
        if (!containers.TryGet(id, out var other))
            throw EngineException.InvalidParameter($"No such container: {id}");
        foreach (var mount in other.Record.Mounts)
        {
            // A tmpfs is its container's own. The words say what this one may do, and are no mode of its mounts.
            if (mount.Type == "tmpfs")
                continue;
            _byDestination[mount.Destination] = mount with { Writable = mount.Writable && !mode.ReadOnly, Mode = "" };
            _inherited.Add(mount.Destination);
        }
    }

    /// <param name="called">The destination as the request has it, when it is named so in the error.</param>
    private void Put(ContainerMount mount, bool noCopy, HashSet<string> own, string? called = null)
    {
        if (!own.Add(mount.Destination))
            throw Duplicate(called ?? mount.Destination);
        _byDestination[mount.Destination] = mount;
        _inherited.Remove(mount.Destination);
        if (noCopy)
            _noCopy.Add(mount.Destination);
    }

    private static EngineException Duplicate(string destination) => EngineException.InvalidParameter($"Duplicate mount point: {destination}");
}
