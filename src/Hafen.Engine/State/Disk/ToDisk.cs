using System.Diagnostics.CodeAnalysis;
using Hafen.Api;
using Hafen.Networking;

namespace Hafen.Engine.State.Disk;

/// <summary>From what the engine works with to what is stored. Lists of texts and numbers are shared, not copied: nobody changes them.</summary>
internal static class ToDisk
{
    public static StoredContainer Container(ContainerRecord from) => new()
    {
        Id = from.Id,
        Name = from.Name,
        Created = from.Created,
        ImageId = from.ImageId,
        TopLayer = from.TopLayer,
        Config = Config(from.Config),
        HostConfig = Host(from.HostConfig),
        Networks = List(from.Networks, Network),
        Mounts = List(from.Mounts, Mounted),
    };

    public static StoredState State(ContainerState from) => new()
    {
        Status = Status(from.Status),
        Pid = from.Pid,
        ExitCode = from.ExitCode,
        Error = from.Error,
        OomKilled = from.OomKilled,
        StartedAt = from.StartedAt,
        FinishedAt = from.FinishedAt,
        RestartCount = from.RestartCount,
        StoppedByHand = from.StoppedByHand,
        HasRun = from.HasRun,
        Endpoints = List(from.Endpoints, Place),
        RemovesVolumes = from.RemovesVolumes,
        Health = from.Health is { } health ? Health(health) : null,
        BootId = from.BootId,
    };

    private static StoredConfig Config(ContainerConfig from) => new()
    {
        Hostname = from.Hostname,
        Domainname = from.Domainname,
        User = from.User,
        AttachStdin = from.AttachStdin,
        AttachStdout = from.AttachStdout,
        AttachStderr = from.AttachStderr,
        ExposedPorts = Set(from.ExposedPorts),
        Tty = from.Tty,
        OpenStdin = from.OpenStdin,
        StdinOnce = from.StdinOnce,
        Env = from.Env,
        Cmd = from.Cmd,
        Healthcheck = from.Healthcheck is { } healthcheck ? HealthCheck(healthcheck) : null,
        ArgsEscaped = from.ArgsEscaped,
        Image = from.Image,
        Volumes = Set(from.Volumes),
        WorkingDir = from.WorkingDir,
        Entrypoint = from.Entrypoint,
        NetworkDisabled = from.NetworkDisabled,
        MacAddress = from.MacAddress,
        OnBuild = from.OnBuild,
        Labels = from.Labels,
        StopSignal = from.StopSignal,
        StopTimeout = from.StopTimeout,
        Shell = from.Shell,
    };

    private static StoredHealthCheck HealthCheck(HealthConfig from) => new()
    {
        Test = from.Test,
        Interval = from.Interval,
        Timeout = from.Timeout,
        StartPeriod = from.StartPeriod,
        StartInterval = from.StartInterval,
        Retries = from.Retries,
    };

    private static StoredHostConfig Host(HostConfig from) => new()
    {
        Binds = from.Binds,
        ContainerIDFile = from.ContainerIDFile,
        LogConfig = from.LogConfig is { } logConfig ? Log(logConfig) : null,
        NetworkMode = from.NetworkMode,
        PortBindings = Map(from.PortBindings, static list => List(list, Port)),
        RestartPolicy = from.RestartPolicy is { } restartPolicy ? Restart(restartPolicy) : null,
        AutoRemove = from.AutoRemove,
        VolumeDriver = from.VolumeDriver,
        VolumesFrom = from.VolumesFrom,
        ConsoleSize = from.ConsoleSize,
        Annotations = from.Annotations,
        CapAdd = from.CapAdd,
        CapDrop = from.CapDrop,
        CgroupnsMode = from.CgroupnsMode,
        Dns = from.Dns,
        DnsOptions = from.DnsOptions,
        DnsSearch = from.DnsSearch,
        ExtraHosts = from.ExtraHosts,
        GroupAdd = from.GroupAdd,
        IpcMode = from.IpcMode,
        Cgroup = from.Cgroup,
        Links = from.Links,
        OomScoreAdj = from.OomScoreAdj,
        PidMode = from.PidMode,
        Privileged = from.Privileged,
        PublishAllPorts = from.PublishAllPorts,
        ReadonlyRootfs = from.ReadonlyRootfs,
        SecurityOpt = from.SecurityOpt,
        StorageOpt = from.StorageOpt,
        Tmpfs = from.Tmpfs,
        UTSMode = from.UTSMode,
        UsernsMode = from.UsernsMode,
        ShmSize = from.ShmSize,
        Sysctls = from.Sysctls,
        Runtime = from.Runtime,
        Isolation = from.Isolation,
        Mounts = List(from.Mounts, Mount),
        MaskedPaths = from.MaskedPaths,
        ReadonlyPaths = from.ReadonlyPaths,
        Init = from.Init,
        CpuShares = from.CpuShares,
        Memory = from.Memory,
        NanoCpus = from.NanoCpus,
        CgroupParent = from.CgroupParent,
        BlkioWeight = from.BlkioWeight,
        BlkioWeightDevice = List(from.BlkioWeightDevice, Weight),
        BlkioDeviceReadBps = List(from.BlkioDeviceReadBps, Throttle),
        BlkioDeviceWriteBps = List(from.BlkioDeviceWriteBps, Throttle),
        BlkioDeviceReadIOps = List(from.BlkioDeviceReadIOps, Throttle),
        BlkioDeviceWriteIOps = List(from.BlkioDeviceWriteIOps, Throttle),
        CpuPeriod = from.CpuPeriod,
        CpuQuota = from.CpuQuota,
        CpuRealtimePeriod = from.CpuRealtimePeriod,
        CpuRealtimeRuntime = from.CpuRealtimeRuntime,
        CpusetCpus = from.CpusetCpus,
        CpusetMems = from.CpusetMems,
        Devices = List(from.Devices, Device),
        DeviceCgroupRules = from.DeviceCgroupRules,
        DeviceRequests = List(from.DeviceRequests, Request),
        KernelMemoryTCP = from.KernelMemoryTCP,
        MemoryReservation = from.MemoryReservation,
        MemorySwap = from.MemorySwap,
        MemorySwappiness = from.MemorySwappiness,
        OomKillDisable = from.OomKillDisable,
        PidsLimit = from.PidsLimit,
        Ulimits = List(from.Ulimits, Limit),
        CpuCount = from.CpuCount,
        CpuPercent = from.CpuPercent,
        IOMaximumIOps = from.IOMaximumIOps,
        IOMaximumBandwidth = from.IOMaximumBandwidth,
    };

    private static StoredLogConfig Log(LogConfig from) => new()
    {
        Type = from.Type,
        Config = from.Config,
    };

    private static StoredRestartPolicy Restart(RestartPolicy from) => new()
    {
        Name = from.Name,
        MaximumRetryCount = from.MaximumRetryCount,
    };

    private static StoredPortBinding Port(PortBinding from) => new()
    {
        HostIp = from.HostIp,
        HostPort = from.HostPort,
    };

    private static StoredWeightDevice Weight(BlkioWeightDevice from) => new()
    {
        Path = from.Path,
        Weight = from.Weight,
    };

    private static StoredThrottleDevice Throttle(BlkioThrottleDevice from) => new()
    {
        Path = from.Path,
        Rate = from.Rate,
    };

    private static StoredDevice Device(DeviceMapping from) => new()
    {
        PathOnHost = from.PathOnHost,
        PathInContainer = from.PathInContainer,
        CgroupPermissions = from.CgroupPermissions,
    };

    private static StoredDeviceRequest Request(DeviceRequest from) => new()
    {
        Driver = from.Driver,
        Count = from.Count,
        DeviceIDs = from.DeviceIDs,
        Capabilities = from.Capabilities,
        Options = from.Options,
    };

    private static StoredUlimit Limit(Ulimit from) => new()
    {
        Name = from.Name,
        Hard = from.Hard,
        Soft = from.Soft,
    };

    private static StoredMountRequest Mount(MountRequest from) => new()
    {
        Type = from.Type,
        Source = from.Source,
        Target = from.Target,
        ReadOnly = from.ReadOnly,
        Consistency = from.Consistency,
        BindOptions = from.BindOptions is { } bindOptions ? Bind(bindOptions) : null,
        VolumeOptions = from.VolumeOptions is { } volumeOptions ? Volume(volumeOptions) : null,
        ImageOptions = from.ImageOptions is { } imageOptions ? Image(imageOptions) : null,
        TmpfsOptions = from.TmpfsOptions is { } tmpfsOptions ? Tmpfs(tmpfsOptions) : null,
    };

    private static StoredBindOptions Bind(BindOptions from) => new()
    {
        Propagation = from.Propagation,
        NonRecursive = from.NonRecursive,
        CreateMountpoint = from.CreateMountpoint,
        ReadOnlyNonRecursive = from.ReadOnlyNonRecursive,
        ReadOnlyForceRecursive = from.ReadOnlyForceRecursive,
    };

    private static StoredVolumeOptions Volume(VolumeOptions from) => new()
    {
        NoCopy = from.NoCopy,
        Labels = from.Labels,
        Subpath = from.Subpath,
        DriverConfig = from.DriverConfig is { } driverConfig ? Driver(driverConfig) : null,
    };

    private static StoredVolumeDriver Driver(VolumeDriverConfig from) => new()
    {
        Name = from.Name,
        Options = from.Options,
    };

    private static StoredImageOptions Image(ImageMountOptions from) => new()
    {
        Subpath = from.Subpath,
    };

    private static StoredTmpfsOptions Tmpfs(TmpfsOptions from) => new()
    {
        SizeBytes = from.SizeBytes,
        Mode = from.Mode,
        Options = from.Options,
    };

    private static StoredNetwork Network(ContainerNetwork from) => new() { Name = from.Name, Settings = Endpoint(from.Settings) };

    private static StoredEndpointSettings Endpoint(EndpointSettings from) => new()
    {
        IPAMConfig = from.IPAMConfig is { } iPAMConfig ? Addresses(iPAMConfig) : null,
        Links = from.Links,
        Aliases = from.Aliases,
        MacAddress = from.MacAddress,
        DriverOpts = from.DriverOpts,
        GwPriority = from.GwPriority,
        IPv6Gateway = from.IPv6Gateway,
        GlobalIPv6Address = from.GlobalIPv6Address,
        GlobalIPv6PrefixLen = from.GlobalIPv6PrefixLen,
        DNSNames = from.DNSNames,
    };

    private static StoredAddressRequest Addresses(EndpointIpamConfig from) => new()
    {
        IPv4Address = from.IPv4Address,
        IPv6Address = from.IPv6Address,
        LinkLocalIPs = from.LinkLocalIPs,
    };

    private static StoredMount Mounted(ContainerMount from) => new()
    {
        Type = from.Type,
        Name = from.Name,
        Source = from.Source,
        Destination = from.Destination,
        Driver = from.Driver,
        Mode = from.Mode,
        Writable = from.Writable,
        Propagation = from.Propagation,
        FollowsHost = from.FollowsHost,
        Anonymous = from.Anonymous,
        NonRecursive = from.NonRecursive,
        ReadOnlyNonRecursive = from.ReadOnlyNonRecursive,
        ReadOnlyForceRecursive = from.ReadOnlyForceRecursive,
        CreateSource = from.CreateSource,
        Subpath = from.Subpath,
        TmpfsOptions = from.TmpfsOptions,
        FromMounts = from.FromMounts,
    };

    private static StoredStatus Status(ContainerStatus from) => from switch
    {
        ContainerStatus.Created => StoredStatus.Created,
        ContainerStatus.Running => StoredStatus.Running,
        ContainerStatus.Paused => StoredStatus.Paused,
        ContainerStatus.Restarting => StoredStatus.Restarting,
        ContainerStatus.Removing => StoredStatus.Removing,
        ContainerStatus.Exited => StoredStatus.Exited,
        ContainerStatus.Dead => StoredStatus.Dead,
        _ => throw new ArgumentOutOfRangeException(nameof(from), from, null),
    };

    private static StoredEndpoint Place(Endpoint from) => new()
    {
        Id = from.Id,
        ContainerId = from.ContainerId,
        NetworkId = from.NetworkId,
        NetworkName = from.NetworkName,
        Address = from.Address,
        PrefixLength = from.PrefixLength,
        Gateway = from.Gateway,
        MacAddress = from.MacAddress,
        HostInterface = from.HostInterface,
        ContainerInterface = from.ContainerInterface,
    };

    private static StoredHealth Health(HealthInfo from) => new()
    {
        Status = from.Status,
        FailingStreak = from.FailingStreak,
        Log = List(from.Log, Result),
    };

    private static StoredHealthResult Result(HealthResult from) => new()
    {
        Start = from.Start,
        End = from.End,
        ExitCode = from.ExitCode,
        Output = from.Output,
    };

    private static Dictionary<string, StoredMark>? Set(Dictionary<string, EmptyObject>? from) => Map(from, static _ => StoredMark.Value);

    [return: NotNullIfNotNull(nameof(from))]
    private static TTo[]? List<TFrom, TTo>(TFrom[]? from, Converter<TFrom, TTo> one) => from is null ? null : Array.ConvertAll(from, one);

    [return: NotNullIfNotNull(nameof(from))]
    private static Dictionary<string, TTo>? Map<TFrom, TTo>(Dictionary<string, TFrom>? from, Func<TFrom, TTo> one)
    {
        if (from is null)
            return null;
        var map = new Dictionary<string, TTo>(from.Count, from.Comparer);
        foreach (var (key, value) in from)
            map[key] = one(value);
        return map;
    }
}
