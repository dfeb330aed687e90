using Hafen.Api;

namespace Hafen.Engine.Containers.Create;

/// <summary>Brings a request into the form the rest of the engine expects: what means nothing is taken out, defaults are put in.</summary>
internal static class AdaptRequest
{
    /// <summary>Takes out what has no effect, and what means nothing.</summary>
    public static ContainerCreateRequest Normalize(ContainerCreateRequest request)
    {
        var host = request.HostConfig ?? new HostConfig();
        return request with { HostConfig = host with { KernelMemory = 0, PidsLimit = host.PidsLimit <= 0 ? null : host.PidsLimit } };
    }

    /// <summary>Puts in the defaults a container is shown and run with.</summary>
    public static HostConfig Defaults(HostConfig host, EngineOptions options, HostFacts facts, ContainerStore containers)
        => host with
        {
            MemorySwap = host is { Memory: > 0, MemorySwap: 0 } ? host.Memory * 2 : host.MemorySwap,
            ShmSize = host.ShmSize == 0 ? options.DefaultShmSize : host.ShmSize,
            IpcMode = SharedContainer(Or(host.IpcMode, options.DefaultIpcMode), containers, required: true),
            PidMode = SharedContainer(host.PidMode, containers, required: true),
            NetworkMode = SharedContainer(host.NetworkMode, containers, required: false),
            CgroupnsMode = Or(host.CgroupnsMode, facts.CgroupUnified ? NamespaceMode.Private : NamespaceMode.Host),
            Runtime = Or(host.Runtime, options.RuntimeName),
            LogConfig = LogSettings.Resolve(host.LogConfig, options),
            RestartPolicy = host.RestartPolicy is { Name.Length: > 0 } policy ? policy : new RestartPolicy { Name = "no", MaximumRetryCount = 0 },
            OomKillDisable = host.OomKillDisable ?? (facts.CgroupUnified ? null : false),
            ConsoleSize = host.ConsoleSize is { Length: 2 } ? host.ConsoleSize : [0, 0],
            MaskedPaths = host.Privileged ? null : host.MaskedPaths ?? Spec.DefaultPaths.Masked,
            ReadonlyPaths = host.Privileged ? null : host.ReadonlyPaths ?? Spec.DefaultPaths.ReadOnly,
            Dns = host.Dns ?? [],
            DnsOptions = host.DnsOptions ?? [],
            DnsSearch = host.DnsSearch ?? [],
            PortBindings = host.PortBindings ?? [],
        };

    /// <summary>
    /// <c>container:NAME</c> becomes <c>container:ID</c>, so that a later rename changes nothing. One whose network is shared may come later.
    /// </summary>
    /// <exception cref="EngineException">It is required and not there. Not "not found": at create, clients take that for a missing image and pull it.</exception>
    private static string? SharedContainer(string? mode, ContainerStore containers, bool required)
    {
        if (NamespaceMode.ContainerOf(mode) is not { } reference)
            return mode;
        if (containers.TryGet(reference, out var other))
            return NamespaceMode.OfContainer(other.Id);
        return required ? throw EngineException.InvalidParameter($"No such container: {reference}") : mode;
    }

    private static string Or(string? value, string other) => string.IsNullOrEmpty(value) ? other : value;
}
