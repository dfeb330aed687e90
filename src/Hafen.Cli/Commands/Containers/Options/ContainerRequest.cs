using Hafen.Api;
using Hafen.Cli.CommandLine;

namespace Hafen.Cli.Commands.Containers.Options;

/// <summary>Turns the flags of <c>run</c> and <c>create</c> into the body of <c>POST /containers/create</c>.</summary>
internal static class ContainerRequest
{
    /// <param name="flags">Parsed flags.</param>
    /// <param name="image">Image reference.</param>
    /// <param name="command">Words after the image.</param>
    /// <param name="environment">Reads the client's environment, for <c>-e NAME</c>.</param>
    /// <param name="proxies">Proxy settings to hand on, which the user's own values override.</param>
    /// <exception cref="CommandException">The flags contradict each other or cannot be understood.</exception>
    public static ContainerCreateRequest Build(
        ContainerFlags flags, string image, IReadOnlyList<string> command, Func<string, string?> environment, IEnumerable<KeyValuePair<string, string>> proxies)
    {
        NetworkRequest.CheckMac(flags.MacAddress.Value);
        if (flags.MemorySwappiness.Value is < -1 or > 100)
            throw new CommandException($"invalid value: {flags.MemorySwappiness.Value}. Valid memory swappiness range is 0-100");
        var (binds, anonymous) = VolumeSpec.Sort(flags.Volumes.Values);
        var exposed = new Dictionary<string, EmptyObject>(StringComparer.Ordinal);
        var bindings = new Dictionary<string, PortBinding[]?>(StringComparer.Ordinal);
        PortSpec.Publish(flags.Publish.Values, exposed, bindings);
        PortSpec.Expose(flags.Expose.Values, exposed);
        var variables = KeyValues.Read(flags.EnvFile.Values, flags.Env.Values, environment);
        var names = variables.Select(variable => KeyValues.Pair(variable).Key).ToHashSet(StringComparer.Ordinal);
        variables.InsertRange(0, proxies.Where(proxy => !names.Contains(proxy.Key)).Select(proxy => $"{proxy.Key}={proxy.Value}"));
        NamespaceModes.Check(flags);
        bool interactive = flags.Interactive.Value;
        var streams = flags.Attach.Values;

        return new ContainerCreateRequest
        {
            Hostname = flags.Hostname.Value,
            Domainname = flags.Domainname.Value,
            User = flags.User.Value,
            AttachStdin = interactive || streams.Contains("stdin"),
            AttachStdout = streams.Count == 0 || streams.Contains("stdout"),
            AttachStderr = streams.Count == 0 || streams.Contains("stderr"),
            ExposedPorts = exposed.Count == 0 ? null : exposed,
            Tty = flags.Tty.Value,
            OpenStdin = interactive,
            StdinOnce = interactive,
            Env = [.. variables],
            Cmd = command.Count == 0 ? null : [.. command],
            Healthcheck = HealthSpec.Build(flags),
            Image = image,
            Volumes = anonymous,
            WorkingDir = flags.WorkingFolder.Value,
            Entrypoint = flags.Entrypoint.Changed ? [flags.Entrypoint.Value] : null,
            Labels = KeyValues.ToMap(KeyValues.Read(flags.LabelFile.Values, flags.Labels.Values, null)),
            StopSignal = flags.StopSignal.Value.Length == 0 ? null : flags.StopSignal.Value,
            StopTimeout = flags.StopTimeout.Changed ? (int)flags.StopTimeout.Value : null,
            HostConfig = BuildHost(flags, binds, bindings),
            NetworkingConfig = new NetworkingConfig { EndpointsConfig = NetworkRequest.Build(flags) },
        };
    }

    private static HostConfig BuildHost(ContainerFlags flags, string[] binds, Dictionary<string, PortBinding[]?> bindings)
    {
        var restart = RestartSpec.Parse(flags.Restart.Value);
        if (flags.Remove.Value && restart.Name is not ("no" or ""))
            throw new CommandException("conflicting options: cannot specify both --restart and --rm");
        if (flags.LogDriver.Value == "none" && flags.LogOpt.Values.Count > 0)
            throw new CommandException("invalid logging opts for driver none");
        if (flags.StorageOpt.Values.Any(option => !option.Contains('=', StringComparison.Ordinal)))
            throw new CommandException("invalid storage option");
        var (security, openPaths) = SecurityOptions.Resolve(flags.SecurityOpt.Values);
        var (devices, requests) = Devices(flags);

        return new HostConfig
        {
            Binds = binds.Length == 0 ? null : binds,
            ContainerIDFile = flags.CidFile.Value,
            LogConfig = new LogConfig { Type = flags.LogDriver.Value, Config = KeyValues.ToMap(flags.LogOpt.Values) },
            NetworkMode = NetworkRequest.Mode(flags),
            PortBindings = bindings,
            RestartPolicy = restart,
            AutoRemove = flags.Remove.Value,
            VolumeDriver = flags.VolumeDriver.Value,
            VolumesFrom = ListOrNull(flags.VolumesFrom.Values),
            Annotations = MapOrNull(flags.Annotations.Values),
            CapAdd = ListOrNull(CapabilityLists.Names(flags.CapAdd.Values)),
            CapDrop = ListOrNull(CapabilityLists.Names(flags.CapDrop.Values)),
            CgroupnsMode = flags.Cgroupns.Value,
            Dns = [.. flags.Dns.Values],
            DnsOptions = [.. flags.DnsOptions.Values, .. flags.DnsOpt.Values],
            DnsSearch = [.. flags.DnsSearch.Values],
            ExtraHosts = ListOrNull(flags.AddHost.Values),
            GroupAdd = ListOrNull(flags.GroupAdd.Values),
            IpcMode = flags.Ipc.Value,
            Links = ListOrNull(flags.Links.Values),
            OomScoreAdj = (int)flags.OomScoreAdj.Value,
            PidMode = flags.Pid.Value,
            Privileged = flags.Privileged.Value,
            PublishAllPorts = flags.PublishAll.Value,
            ReadonlyRootfs = flags.ReadOnly.Value,
            SecurityOpt = security.Length == 0 ? null : security,
            StorageOpt = flags.StorageOpt.Values.Count == 0 ? null : KeyValues.ToMap(flags.StorageOpt.Values),
            Tmpfs = flags.Tmpfs.Values.Count == 0 ? null : TmpfsMap(flags.Tmpfs.Values),
            UTSMode = flags.Uts.Value,
            UsernsMode = flags.Userns.Value,
            ShmSize = flags.ShmSize.Value,
            Sysctls = MapOrNull(flags.Sysctls.Values),
            Runtime = flags.Runtime.Value.Length == 0 ? null : flags.Runtime.Value,
            Isolation = flags.Isolation.Value,
            Mounts = flags.Mounts.Values.Count == 0 ? null : [.. flags.Mounts.Values],
            MaskedPaths = openPaths ? [] : null,
            ReadonlyPaths = openPaths ? [] : null,
            Init = flags.Init.Changed ? flags.Init.Value : null,
            CpuShares = flags.CpuShares.Value,
            Memory = flags.Memory.Value,
            NanoCpus = flags.Cpus.Value,
            CgroupParent = flags.CgroupParent.Value,
            BlkioWeight = flags.BlkioWeight.Value,
            BlkioWeightDevice = [.. flags.BlkioWeightDevices.Values],
            BlkioDeviceReadBps = [.. flags.DeviceReadBps.Values],
            BlkioDeviceWriteBps = [.. flags.DeviceWriteBps.Values],
            BlkioDeviceReadIOps = [.. flags.DeviceReadIops.Values],
            BlkioDeviceWriteIOps = [.. flags.DeviceWriteIops.Values],
            CpuPeriod = flags.CpuPeriod.Value,
            CpuQuota = flags.CpuQuota.Value,
            CpuRealtimePeriod = flags.CpuRtPeriod.Value,
            CpuRealtimeRuntime = flags.CpuRtRuntime.Value,
            CpusetCpus = flags.CpusetCpus.Value,
            CpusetMems = flags.CpusetMems.Value,
            Devices = devices,
            DeviceCgroupRules = ListOrNull(flags.DeviceCgroupRules.Values),
            DeviceRequests = requests,
            KernelMemory = flags.KernelMemory.Value,
            MemoryReservation = flags.MemoryReservation.Value,
            MemorySwap = flags.MemorySwap.Value,
            MemorySwappiness = flags.MemorySwappiness.Value,
            OomKillDisable = flags.OomKillDisable.Value,
            PidsLimit = flags.PidsLimit.Value,
            // Of two for one resource the last counts.
            Ulimits = [.. flags.Ulimits.Values.GroupBy(limit => limit.Name).Select(limits => limits.Last()).OrderBy(limit => limit.Name, StringComparer.Ordinal)],
            CpuCount = flags.CpuCount.Value,
            CpuPercent = flags.CpuPercent.Value,
            IOMaximumIOps = flags.IoMaxIops.Value,
            IOMaximumBandwidth = (ulong)flags.IoMaxBandwidth.Value,
        };
    }

    private static (DeviceMapping[] Devices, DeviceRequest[]? Requests) Devices(ContainerFlags flags)
    {
        try
        {
            string[] named = flags.Devices.Values.Where(DeviceSpec.IsCdiName).ToArray();
            var mapped = flags.Devices.Values.Where(text => !DeviceSpec.IsCdiName(text)).Select(DeviceSpec.Parse).ToArray();
            var requests = flags.Gpus.Values.ToList();
            if (named.Length > 0)
                requests.Add(new DeviceRequest { Driver = "cdi", DeviceIDs = named });
            return (mapped, requests.Count == 0 ? null : [.. requests]);
        }
        catch (FormatException exception)
        {
            throw new CommandException(exception.Message);
        }
    }

    private static Dictionary<string, string> TmpfsMap(IEnumerable<string> values)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string value in values)
        {
            int colon = value.IndexOf(':', StringComparison.Ordinal);
            map[colon < 0 ? value : value[..colon]] = colon < 0 ? "" : value[(colon + 1)..];
        }

        return map;
    }

    private static string[]? ListOrNull(IReadOnlyList<string> values) => values.Count == 0 ? null : [.. values];

    private static Dictionary<string, string>? MapOrNull(IReadOnlyList<KeyValuePair<string, string>> values)
    {
        if (values.Count == 0)
            return null;
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in values)
            map[key] = value;
        return map;
    }
}
