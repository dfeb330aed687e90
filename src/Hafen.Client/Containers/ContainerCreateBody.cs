using Hafen.Api;
using Hafen.Client.Json;

namespace Hafen.Client.Containers;

/// <summary>The body of <c>POST /containers/create</c>. A test compares it with what the serializer writes, member by member.</summary>
internal static class ContainerCreateBody
{
    public static byte[] Write(ContainerCreateRequest request)
    {
        var json = new JsonBody().Open();
        WriteConfig(json, request);
        return json.Add("HostConfig", request.HostConfig, WriteHost)
            .Add("NetworkingConfig", request.NetworkingConfig, WriteNetworking)
            .Close().ToBytes();
    }

    private static void WriteConfig(JsonBody json, ContainerConfig config) => json
        .Add("Hostname", config.Hostname).Add("Domainname", config.Domainname).Add("User", config.User)
        .Add("AttachStdin", config.AttachStdin).Add("AttachStdout", config.AttachStdout).Add("AttachStderr", config.AttachStderr)
        .Add("ExposedPorts", config.ExposedPorts, WriteSet).Add("Tty", config.Tty).Add("OpenStdin", config.OpenStdin).Add("StdinOnce", config.StdinOnce)
        .Add("Env", config.Env).Add("Cmd", config.Cmd).Add("Healthcheck", config.Healthcheck, WriteHealth).Add("ArgsEscaped", config.ArgsEscaped)
        .Add("Image", config.Image).Add("Volumes", config.Volumes, WriteSet).Add("WorkingDir", config.WorkingDir).Add("Entrypoint", config.Entrypoint)
        .Add("NetworkDisabled", config.NetworkDisabled).Add("MacAddress", config.MacAddress).Add("OnBuild", config.OnBuild).Add("Labels", config.Labels)
        .Add("StopSignal", config.StopSignal).Add("StopTimeout", (long?)config.StopTimeout).Add("Shell", config.Shell);

    private static void WriteHost(JsonBody json, HostConfig host)
    {
        WriteResources(json, host);
        json.Add("Binds", host.Binds).Add("ContainerIDFile", host.ContainerIDFile).Add("LogConfig", host.LogConfig, WriteLog)
            .Add("NetworkMode", host.NetworkMode).Add("PortBindings", host.PortBindings, WriteBindings)
            .Add("RestartPolicy", host.RestartPolicy, static (inner, policy) => inner.Add("Name", policy.Name).Add("MaximumRetryCount", policy.MaximumRetryCount))
            .Add("AutoRemove", host.AutoRemove).Add("VolumeDriver", host.VolumeDriver).Add("VolumesFrom", host.VolumesFrom)
            .Add("ConsoleSize", host.ConsoleSize).Add("Annotations", host.Annotations).Add("CapAdd", host.CapAdd).Add("CapDrop", host.CapDrop)
            .Add("CgroupnsMode", host.CgroupnsMode).Add("Dns", host.Dns).Add("DnsOptions", host.DnsOptions).Add("DnsSearch", host.DnsSearch)
            .Add("ExtraHosts", host.ExtraHosts).Add("GroupAdd", host.GroupAdd).Add("IpcMode", host.IpcMode).Add("Cgroup", host.Cgroup)
            .Add("Links", host.Links).Add("OomScoreAdj", host.OomScoreAdj).Add("PidMode", host.PidMode).Add("Privileged", host.Privileged)
            .Add("PublishAllPorts", host.PublishAllPorts).Add("ReadonlyRootfs", host.ReadonlyRootfs).Add("SecurityOpt", host.SecurityOpt)
            .Add("StorageOpt", host.StorageOpt).Add("Tmpfs", host.Tmpfs).Add("UTSMode", host.UTSMode).Add("UsernsMode", host.UsernsMode)
            .Add("ShmSize", host.ShmSize).Add("Sysctls", host.Sysctls).Add("Runtime", host.Runtime).Add("Isolation", host.Isolation)
            .Add("Mounts", host.Mounts, MountRequestBody.Write).Add("MaskedPaths", host.MaskedPaths).Add("ReadonlyPaths", host.ReadonlyPaths).Add("Init", host.Init);
    }

    private static void WriteResources(JsonBody json, ContainerResources limits) => json
        .Add("CpuShares", limits.CpuShares).Add("Memory", limits.Memory).Add("NanoCpus", limits.NanoCpus).Add("CgroupParent", limits.CgroupParent)
        .Add("BlkioWeight", limits.BlkioWeight)
        .Add("BlkioWeightDevice", limits.BlkioWeightDevice, static (inner, device) => inner.Add("Path", device.Path).Add("Weight", device.Weight))
        .Add("BlkioDeviceReadBps", limits.BlkioDeviceReadBps, WriteRate).Add("BlkioDeviceWriteBps", limits.BlkioDeviceWriteBps, WriteRate)
        .Add("BlkioDeviceReadIOps", limits.BlkioDeviceReadIOps, WriteRate).Add("BlkioDeviceWriteIOps", limits.BlkioDeviceWriteIOps, WriteRate)
        .Add("CpuPeriod", limits.CpuPeriod).Add("CpuQuota", limits.CpuQuota).Add("CpuRealtimePeriod", limits.CpuRealtimePeriod)
        .Add("CpuRealtimeRuntime", limits.CpuRealtimeRuntime).Add("CpusetCpus", limits.CpusetCpus).Add("CpusetMems", limits.CpusetMems)
        .Add("Devices", limits.Devices, static (inner, device) => inner
            .Add("PathOnHost", device.PathOnHost).Add("PathInContainer", device.PathInContainer).Add("CgroupPermissions", device.CgroupPermissions))
        .Add("DeviceCgroupRules", limits.DeviceCgroupRules).Add("DeviceRequests", limits.DeviceRequests, WriteDeviceRequest)
        .Add("KernelMemory", limits.KernelMemory).Add("KernelMemoryTCP", limits.KernelMemoryTCP).Add("MemoryReservation", limits.MemoryReservation)
        .Add("MemorySwap", limits.MemorySwap).Add("MemorySwappiness", limits.MemorySwappiness).Add("OomKillDisable", limits.OomKillDisable)
        .Add("PidsLimit", limits.PidsLimit)
        .Add("Ulimits", limits.Ulimits, static (inner, limit) => inner.Add("Name", limit.Name).Add("Hard", limit.Hard).Add("Soft", limit.Soft))
        .Add("CpuCount", limits.CpuCount).Add("CpuPercent", limits.CpuPercent).Add("IOMaximumIOps", (long)limits.IOMaximumIOps)
        .Add("IOMaximumBandwidth", (long)limits.IOMaximumBandwidth);

    private static void WriteDeviceRequest(JsonBody json, DeviceRequest request)
    {
        json.Add("Driver", request.Driver).Add("Count", request.Count).Add("DeviceIDs", request.DeviceIDs);
        if (request.Capabilities is { } sets)
        {
            json.Open("Capabilities", '[');
            foreach (string[] set in sets)
            {
                json.Open(null, '[');
                foreach (string capability in set)
                    json.Item(capability);
                json.Close(']');
            }

            json.Close(']');
        }

        json.Add("Options", request.Options);
    }

    private static void WriteNetworking(JsonBody json, NetworkingConfig networking)
        => json.Add("EndpointsConfig", networking.EndpointsConfig, static (inner, endpoints) =>
        {
            foreach (var (name, settings) in endpoints)
                inner.Add(name, settings ?? new EndpointSettings(), WriteEndpoint);
        });

    private static void WriteEndpoint(JsonBody json, EndpointSettings endpoint) => json
        .Add("IPAMConfig", endpoint.IPAMConfig, static (inner, ipam) => inner
            .Add("IPv4Address", ipam.IPv4Address).Add("IPv6Address", ipam.IPv6Address).Add("LinkLocalIPs", ipam.LinkLocalIPs))
        .Add("Links", endpoint.Links).Add("Aliases", endpoint.Aliases).Add("MacAddress", endpoint.MacAddress)
        .Add("DriverOpts", endpoint.DriverOpts).Add("GwPriority", endpoint.GwPriority);

    private static void WriteSet(JsonBody json, Dictionary<string, EmptyObject> set)
    {
        foreach (string name in set.Keys)
            json.Open(name).Close();
    }

    private static void WriteHealth(JsonBody json, HealthConfig health) => json
        .Add("Test", health.Test).Add("Interval", health.Interval).Add("Timeout", health.Timeout)
        .Add("StartPeriod", health.StartPeriod).Add("StartInterval", health.StartInterval).Add("Retries", health.Retries);

    private static void WriteLog(JsonBody json, LogConfig log) => json.Add("Type", log.Type).Add("Config", log.Config);

    private static void WriteBindings(JsonBody json, Dictionary<string, PortBinding[]?> bindings)
    {
        foreach (var (port, places) in bindings)
            json.Add(port, places, static (inner, place) => inner.Add("HostIp", place.HostIp).Add("HostPort", place.HostPort));
    }

    private static void WriteRate(JsonBody json, BlkioThrottleDevice device) => json.Add("Path", device.Path).Add("Rate", (long)device.Rate);
}
