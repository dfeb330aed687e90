using System.Net;
using Hafen.Api;
using Hafen.Engine.Restart;
using Hafen.Errors;
using Hafen.Linux.Capabilities;
using Hafen.Networking;
using Hafen.Networking.Files;

namespace Hafen.Engine.Containers.Create;

/// <summary>Checks the part of a request that depends on the host, with Docker's messages.</summary>
internal static class ValidateHostConfig
{
    private static readonly IReadOnlySet<string> s_ulimits = new HashSet<string>(StringComparer.Ordinal)
    {
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending", "stack",
    };

    /// <summary>The request with limits as they will be applied.</summary>
    /// <exception cref="EngineException">Something makes no sense, contradicts itself or cannot be done.</exception>
    public static HostConfig Check(HostConfig config, ContainerConfig container, NetworkChoice network, EngineOptions options, HostFacts host, List<string> warnings)
    {
        CheckRestart(config);
        foreach (string extra in config.ExtraHosts ?? [])
            CheckExtraHost(extra);
        CheckCapabilities(config, host);
        if (!string.IsNullOrEmpty(config.Isolation) && !config.Isolation.Equals("default", StringComparison.OrdinalIgnoreCase))
            throw EngineException.InvalidParameter($"invalid isolation ({config.Isolation}): linux only supports 'default'");
        if (config.Annotations?.ContainsKey("") == true)
            throw EngineException.InvalidParameter("invalid Annotations: the empty string is not permitted as an annotation key");

        config = ValidateResources.Check(config, host, update: false, warnings);
        CheckModes(config);
        CheckNetworkMode(config, container);
        if (config.ShmSize < 0)
            throw EngineException.InvalidParameter("SHM size can not be less than 0");
        if (config.OomScoreAdj is < -1000 or > 1000)
            throw EngineException.InvalidParameter($"Invalid value {config.OomScoreAdj}, range for oom score adj is [-1000, 1000]");
        if (!string.IsNullOrEmpty(config.Runtime) && !options.RuntimeNames.Contains(config.Runtime, StringComparer.Ordinal))
            throw EngineException.InvalidParameter($"unknown or invalid runtime name: {config.Runtime}");
        foreach (var limit in config.Ulimits ?? [])
            CheckUlimit(limit);
        foreach (string rule in config.DeviceCgroupRules ?? [])
            DeviceRules.Parse(rule);
        foreach (var device in config.Devices ?? [])
            DeviceRules.CheckPermissions(device.CgroupPermissions);
        SecurityOptions.Parse(config.SecurityOpt, options.NoNewPrivileges);
        SysctlRules.Check(
            config.Sysctls, network.UsesHost, config.IpcMode == NamespaceMode.Host, config.UTSMode == NamespaceMode.Host);
        CheckUnsupported(config, network, host.Limits);
        if (network.UsesHost && config.PortBindings is { Count: > 0 })
            warnings.Add("Published ports are discarded when using host network mode");
        if ((network.HasInterface || network.SharesContainer) && host.ForwardingDisabled())
            warnings.Add("IPv4 forwarding is disabled. Networking will not work.");
        return config;
    }

    public static void CheckRestartPolicy(RestartPolicy? policy)
    {
        string name = policy?.Name ?? "";
        int count = policy?.MaximumRetryCount ?? 0;
        switch (name)
        {
            case "":
                return;
            case "always" or "unless-stopped" or "no":
                if (count == 0)
                    return;
                string message = "invalid restart policy: maximum retry count can only be used with 'on-failure'";
                throw EngineException.InvalidParameter(count < 0 ? message + " and cannot be negative" : message);
            case "on-failure":
                if (count < 0)
                    throw EngineException.InvalidParameter("invalid restart policy: maximum retry count cannot be negative");
                return;
            default:
                throw EngineException.InvalidParameter(
                    $"invalid restart policy: unknown policy '{name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'");
        }
    }

    private static void CheckRestart(HostConfig config)
    {
        if (config.AutoRemove && !RestartDecision.IsNone(config.RestartPolicy))
            throw EngineException.InvalidParameter("can't create 'AutoRemove' container with restart policy");
        CheckRestartPolicy(config.RestartPolicy);
    }

    private static void CheckExtraHost(string extra)
    {
        try
        {
            HostsFile.ParseExtraHost(extra, IPAddress.Loopback);
        }
        catch (NetworkException exception)
        {
            throw new EngineException(ErrorKind.InvalidParameter, exception.Message, exception);
        }
    }

    private static void CheckCapabilities(HostConfig config, HostFacts host)
    {
        try
        {
            ContainerCapabilities.Validate(config.CapAdd, config.CapDrop, host.Capabilities);
        }
        catch (CapabilityException exception)
        {
            throw new EngineException(ErrorKind.InvalidParameter, exception.Message, exception);
        }
    }

    private static void CheckModes(HostConfig config)
    {
        string ipc = config.IpcMode ?? "";
        if (ipc is not ("" or "none" or "private" or "shareable" or "host") && string.IsNullOrEmpty(NamespaceMode.ContainerOf(ipc)))
            throw EngineException.InvalidParameter($"invalid IPC mode: {ipc}");
        string pid = config.PidMode ?? "";
        if (pid is not ("" or "host") && string.IsNullOrEmpty(NamespaceMode.ContainerOf(pid)))
            throw EngineException.InvalidParameter($"invalid PID mode: {pid}");
        string uts = config.UTSMode ?? "";
        if (uts is not ("" or "host"))
            throw EngineException.InvalidParameter($"invalid UTS mode: {uts}");
        string user = config.UsernsMode ?? "";
        if (user is not ("" or "host"))
            throw EngineException.InvalidParameter($"invalid userns mode: {user}");
        string cgroup = config.CgroupnsMode ?? "";
        if (cgroup is not ("" or "private" or "host"))
            throw EngineException.InvalidParameter($"invalid cgroup namespace mode: {cgroup}");
    }

    private static void CheckNetworkMode(HostConfig config, ContainerConfig container)
    {
        if (config.UTSMode == NamespaceMode.Host && !string.IsNullOrEmpty(container.Hostname))
            throw EngineException.InvalidParameter("conflicting options: hostname and the UTS mode");
        if (NamespaceMode.IsContainerWithoutName(config.NetworkMode))
            throw EngineException.InvalidParameter("invalid network mode: invalid container format container:<name|id>");
        if (!NamespaceMode.IsContainer(config.NetworkMode))
            return;
        if (!string.IsNullOrEmpty(container.Hostname))
            throw EngineException.InvalidParameter("conflicting options: hostname and the network mode");
        if (config.Links is { Length: > 0 })
        {
            throw EngineException.InvalidParameter(
                "conflicting options: container type network can't be used with links. This would result in undefined behavior");
        }
        if (config.Dns is { Length: > 0 })
            throw EngineException.InvalidParameter("conflicting options: dns and the network mode");
        if (config.ExtraHosts is { Length: > 0 })
            throw EngineException.InvalidParameter("conflicting options: custom host-to-IP mapping and the network mode");
        if (config.PortBindings is { Count: > 0 } || config.PublishAllPorts)
            throw EngineException.InvalidParameter("conflicting options: port publishing and the container type network mode");
        if (container.ExposedPorts is { Count: > 0 })
            throw EngineException.InvalidParameter("conflicting options: port exposing and the container type network mode");
    }

    public static void CheckUlimit(Ulimit limit)
    {
        if (limit.Name is null || !s_ulimits.Contains(limit.Name))
            throw EngineException.InvalidParameter($"invalid ulimit type: {limit.Name}");
        // -1 means unlimited, so it is more than any number.
        if (limit.Hard != -1 && (limit.Soft == -1 || limit.Soft > limit.Hard))
            throw EngineException.InvalidParameter($"ulimit soft limit must be less than or equal to hard limit: {limit.Soft} > {limit.Hard}");
    }

    /// <summary>Refuses <c>--publish-all</c> once it is known which ports there are, those of the image included.</summary>
    public static void CheckPublishAll(HostConfig config, ContainerConfig merged, NetworkChoice network)
    {
        if (config.PublishAllPorts && merged.ExposedPorts is { Count: > 0 } && network.HasInterface)
            throw CannotPublish();
    }

    private static EngineException CannotPublish()
        => EngineException.NotImplemented("publishing ports is not supported yet: the container is reachable under its own address only");

    /// <summary>What this engine does not do yet is refused by name instead of being left out silently.</summary>
    private static void CheckUnsupported(HostConfig config, NetworkChoice network, LimitSupport limits)
    {
        foreach (string port in config.PortBindings?.Keys ?? Enumerable.Empty<string>())
        {
            if (!PublishedPort.IsValid(port))
                throw EngineException.InvalidParameter($"invalid port specification: \"{port}\"");
        }
        // Where there is no interface nothing can be reached, in Docker neither.
        if (config.PortBindings is { Count: > 0 } && network.HasInterface)
            throw CannotPublish();
        if (config.Links is { Length: > 0 })
            throw EngineException.NotImplemented("links between containers are not supported");
        if (config.StorageOpt is { Count: > 0 })
            throw EngineException.InvalidParameter("--storage-opt is supported only for overlay over xfs with 'pquota' mount option");
        if (!string.IsNullOrEmpty(config.Cgroup))
            throw EngineException.NotImplemented("sharing another container's cgroup is not supported");
        if (config.CpuRealtimePeriod == 0 && config.CpuRealtimeRuntime == 0)
            return;
        if (!limits.CpuRealtime)
            throw EngineException.InvalidParameter("kernel does not support CPU real-time scheduler");
        if (config.CpuRealtimePeriod != 0 && config.CpuRealtimeRuntime > config.CpuRealtimePeriod)
            throw EngineException.InvalidParameter("cpu real-time runtime cannot be higher than cpu real-time period");
        throw EngineException.NotImplemented("real-time scheduling limits (CpuRealtimePeriod, CpuRealtimeRuntime) are not supported");
    }
}
