using Hafen.Api;

namespace Hafen.Engine.Containers.Create;

/// <summary>Brings a request into the form the rest of the engine expects: what an older client could not have meant is taken out, defaults are put in.</summary>
internal static class AdaptRequest
{
    /// <summary>Leaves out what the client's API version did not have.</summary>
    /// <exception cref="EngineException">A member that needs a newer API.</exception>
    public static ContainerCreateRequest ToVersion(ContainerCreateRequest request, int minor, List<string> warnings)
    {
        var host = request.HostConfig ?? new HostConfig();
        if (minor < 25) host = host with { AutoRemove = false };
        if (minor < 40)
        {
            host = host with { KernelMemoryTCP = 0, IpcMode = Or(host.IpcMode, NamespaceMode.Shareable), Mounts = Binds(host.Mounts, static b => b with { NonRecursive = false }) };
        }
        if (minor < 41) host = host with { CgroupnsMode = Or(host.CgroupnsMode, NamespaceMode.Host) };
        if (minor < 42 && host.KernelMemory > 0)
            warnings.Add("Your kernel does not support kernel memory limit capabilities or the cgroup is not mounted. Limitation discarded.");
        host = host with { KernelMemory = 0 };
        if (minor < 42) host = host with { ConsoleSize = null, Mounts = Binds(host.Mounts, static b => b with { CreateMountpoint = false }) };
        if (minor < 43) host = host with { Annotations = null };
        if (minor < 44)
        {
            if (request.Healthcheck is { } health) request = request with { Healthcheck = health with { StartInterval = 0 } };
            if (host.Mounts?.Any(m => m.BindOptions?.ReadOnlyForceRecursive == true) == true)
                throw EngineException.InvalidParameter("BindOptions.ReadOnlyForceRecursive needs API v1.44 or newer");
            if (request.NetworkingConfig?.EndpointsConfig is { Count: > 1 } many)
                throw EngineException.InvalidParameter($"Container cannot be created with multiple network endpoints: {string.Join(", ", many.Keys)}");
        }
        if (minor < 45 && host.Mounts?.Any(m => m.VolumeOptions?.Subpath is { Length: > 0 }) == true)
            throw EngineException.InvalidParameter("VolumeOptions.Subpath needs API v1.45 or newer");
        if (minor < 48 && host.Mounts?.Any(m => m.Type == "image") == true)
            throw EngineException.InvalidParameter("Mount type \"Image\" needs API v1.48 or newer");
        if (minor >= 48 && !string.IsNullOrEmpty(host.VolumeDriver)
            && host.Mounts?.Any(m => m.Type == "volume" && string.IsNullOrEmpty(m.VolumeOptions?.DriverConfig?.Name)) == true)
        {
            warnings.Add(
                "WARNING: the container-wide volume-driver configuration is ignored for volumes specified via 'mount'. Use '--mount type=volume,volume-driver=...' instead");
        }
        if (host.PidsLimit <= 0) host = host with { PidsLimit = null };
        return request with { HostConfig = host };
    }

    /// <summary>Puts in the defaults a container is shown and run with.</summary>
    public static HostConfig Defaults(HostConfig host, ContainerEngine engine)
    {
        var options = engine.Options;
        return host with
        {
            MemorySwap = host is { Memory: > 0, MemorySwap: 0 } ? host.Memory * 2 : host.MemorySwap,
            ShmSize = host.ShmSize == 0 ? options.DefaultShmSize : host.ShmSize,
            IpcMode = SharedContainer(Or(host.IpcMode, options.DefaultIpcMode), engine, required: true),
            PidMode = SharedContainer(host.PidMode, engine, required: true),
            NetworkMode = SharedContainer(host.NetworkMode, engine, required: false),
            CgroupnsMode = Or(host.CgroupnsMode, engine.Rooms.Host.CgroupUnified ? NamespaceMode.Private : NamespaceMode.Host),
            Runtime = Or(host.Runtime, options.RuntimeName),
            LogConfig = LogSettings.Resolve(host.LogConfig, options),
            RestartPolicy = host.RestartPolicy is { Name.Length: > 0 } policy ? policy : new RestartPolicy { Name = "no", MaximumRetryCount = 0 },
            OomKillDisable = host.OomKillDisable ?? (engine.Rooms.Host.CgroupUnified ? null : false),
            ConsoleSize = host.ConsoleSize is { Length: 2 } ? host.ConsoleSize : [0, 0],
            MaskedPaths = host.Privileged ? null : host.MaskedPaths ?? Spec.DefaultPaths.Masked,
            ReadonlyPaths = host.Privileged ? null : host.ReadonlyPaths ?? Spec.DefaultPaths.ReadOnly,
            Dns = host.Dns ?? [],
            DnsOptions = host.DnsOptions ?? [],
            DnsSearch = host.DnsSearch ?? [],
            PortBindings = host.PortBindings ?? [],
        };
    }

    /// <summary>
    /// <c>container:NAME</c> becomes <c>container:ID</c>, so that a later rename changes nothing. One whose network is shared may come later.
    /// </summary>
    /// <exception cref="EngineException">It is required and not there. Not "not found": at create, clients take that for a missing image and pull it.</exception>
    private static string? SharedContainer(string? mode, ContainerEngine engine, bool required)
    {
        if (NamespaceMode.ContainerOf(mode) is not { } reference) return mode;
        if (engine.Store.TryGet(reference, out var other)) return NamespaceMode.OfContainer(other.Id);
        return required ? throw EngineException.InvalidParameter($"No such container: {reference}") : mode;
    }

    private static MountRequest[]? Binds(MountRequest[]? mounts, Func<BindOptions, BindOptions> change)
        => mounts is null ? null : [.. mounts.Select(m => m.BindOptions is { } bind ? m with { BindOptions = change(bind) } : m)];

    private static string Or(string? value, string other) => string.IsNullOrEmpty(value) ? other : value;
}
