using Hafen.Api;

namespace Hafen.Engine.Containers.Create;

/// <summary>Checks a request's limits, with Docker's messages. What the host cannot limit is left out with a warning, as Docker does.</summary>
internal static class ValidateResources
{
    private const long LeastMemory = 6 * 1024 * 1024;

    /// <summary>The limits to apply.</summary>
    /// <param name="given">The request; a <see cref="HostConfig"/> comes back as one.</param>
    /// <param name="host">What this host can do.</param>
    /// <param name="update">Whether limits of an existing container are changed.</param>
    /// <param name="warnings">Told to the client.</param>
    /// <exception cref="EngineException">A value that makes no sense.</exception>
    public static T Check<T>(T given, HostFacts host, bool update, List<string> warnings) where T : ContainerResources
    {
        var limits = CheckMemory(given, host.Limits, update, warnings);
        if (limits.PidsLimit is { } pids && !host.Limits.Pids)
        {
            if (pids > 0)
                warnings.Add("Your kernel does not support PIDs limit capabilities or the cgroup is not mounted. PIDs limit discarded.");
            limits = limits with { PidsLimit = null };
        }
        limits = CheckCpu(limits, host, warnings);
        limits = CheckBlockIo(limits, host.Limits, warnings);
        if (limits.DeviceRequests is { Length: > 0 } requests)
        {
            string capabilities = string.Join(' ', (requests[0].Capabilities ?? []).Select(set => $"[{string.Join(' ', set)}]"));
            throw EngineException.InvalidParameter($"could not select device driver \"{requests[0].Driver}\" with capabilities: [{capabilities}]");
        }
        return (T)limits;
    }

    private static ContainerResources CheckMemory(ContainerResources r, LimitSupport host, bool update, List<string> warnings)
    {
        // -1 is what old clients send for "not set".
        if (r.MemorySwappiness == -1)
            r = r with { MemorySwappiness = null };
        if (r.Memory != 0 && r.Memory < LeastMemory)
            throw EngineException.InvalidParameter("Minimum memory limit allowed is 6MB");
        if (r.Memory > 0 && !host.Memory)
        {
            warnings.Add("Your kernel does not support memory limit capabilities or the cgroup is not mounted. Limitation discarded.");
            r = r with { Memory = 0, MemorySwap = -1 };
        }
        if (r.Memory > 0 && r.MemorySwap != -1 && !host.Swap)
        {
            warnings.Add("Your kernel does not support swap limit capabilities or the cgroup is not mounted. Memory limited without swap.");
            r = r with { MemorySwap = -1 };
        }
        if (r.Memory > 0 && r.MemorySwap > 0 && r.MemorySwap < r.Memory)
            throw EngineException.InvalidParameter("Minimum memoryswap limit should be larger than memory limit, see usage");
        if (r.Memory == 0 && r.MemorySwap > 0 && !update)
            throw EngineException.InvalidParameter("You should always set the Memory limit when using Memoryswap limit, see usage");
        if (r.MemorySwappiness is { } swappiness)
        {
            if (!host.Swappiness)
            {
                warnings.Add("Your kernel does not support memory swappiness capabilities or the cgroup is not mounted. Memory swappiness discarded.");
                r = r with { MemorySwappiness = null };
            }
            else if (swappiness is < 0 or > 100)
            {
                throw EngineException.InvalidParameter($"Invalid value: {swappiness}, valid memory swappiness range is 0-100");
            }
        }
        if (r.MemoryReservation > 0 && !host.MemoryReservation)
        {
            warnings.Add("Your kernel does not support memory soft limit capabilities or the cgroup is not mounted. Limitation discarded.");
            r = r with { MemoryReservation = 0 };
        }
        if (r.MemoryReservation > 0 && r.MemoryReservation < LeastMemory)
            throw EngineException.InvalidParameter("Minimum memory reservation allowed is 6MB");
        if (r.Memory > 0 && r.MemoryReservation > 0 && r.Memory < r.MemoryReservation)
            throw EngineException.InvalidParameter("Minimum memory limit can not be less than memory reservation limit, see usage");
        if (r.OomKillDisable is { } disable && !host.OomKillDisable)
        {
            if (disable)
                warnings.Add("Your kernel does not support OomKillDisable. OomKillDisable discarded.");
            r = r with { OomKillDisable = null };
        }
        if (r.OomKillDisable == true && r.Memory == 0)
            warnings.Add("OOM killer is disabled for the container, but no memory limit is set, this can result in the system running out of resources.");
        return r;
    }

    private static ContainerResources CheckCpu(ContainerResources r, HostFacts host, List<string> warnings)
    {
        var support = host.Limits;
        if (r.NanoCpus > 0 && r.CpuPeriod > 0)
            throw EngineException.InvalidParameter("Conflicting options: Nano CPUs and CPU Period cannot both be set");
        if (r.NanoCpus > 0 && r.CpuQuota > 0)
            throw EngineException.InvalidParameter("Conflicting options: Nano CPUs and CPU Quota cannot both be set");
        if (r.NanoCpus > 0 && !support.CpuQuota)
            throw EngineException.InvalidParameter("NanoCPUs can not be set, as your kernel does not support CPU CFS scheduler or the cgroup is not mounted");
        if (r.NanoCpus != 0 && (r.NanoCpus < 0 || r.NanoCpus > host.Cpus * 1_000_000_000L))
            throw EngineException.InvalidParameter($"range of CPUs is from 0.01 to {host.Cpus}.00, as there are only {host.Cpus} CPUs available");
        if (r.CpuShares < 0 && support.CpuShares)
            throw EngineException.InvalidParameter($"invalid CPU shares ({r.CpuShares}): value must be a positive integer");
        if (r.CpuShares > 0 && !support.CpuShares)
        {
            warnings.Add("Your kernel does not support CPU shares or the cgroup is not mounted. Shares discarded.");
            r = r with { CpuShares = 0 };
        }
        if ((r.CpuPeriod != 0 || r.CpuQuota != 0) && !support.CpuQuota)
        {
            warnings.Add("Your kernel does not support CPU CFS scheduler. CPU period/quota discarded.");
            r = r with { CpuPeriod = 0, CpuQuota = 0 };
        }
        if (r.CpuPeriod != 0 && r.CpuPeriod is < 1000 or > 1_000_000)
            throw EngineException.InvalidParameter("CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
        if (r.CpuQuota is > 0 and < 1000)
            throw EngineException.InvalidParameter("CPU cfs quota can not be less than 1ms (i.e. 1000)");
        if (r.CpuPercent > 0)
        {
            warnings.Add("linux does not support CPU percent. Percent discarded.");
            r = r with { CpuPercent = 0 };
        }
        if ((!string.IsNullOrEmpty(r.CpusetCpus) || !string.IsNullOrEmpty(r.CpusetMems)) && !support.Cpuset)
        {
            warnings.Add("Your kernel does not support cpuset or the cgroup is not mounted. Cpuset discarded.");
            r = r with { CpusetCpus = null, CpusetMems = null };
        }
        CheckSet(r.CpusetCpus, "cpus", "CPUs", support.Cpus);
        CheckSet(r.CpusetMems, "mems", "memory nodes", support.Mems);
        return r;
    }

    private static ContainerResources CheckBlockIo(ContainerResources r, LimitSupport host, List<string> warnings)
    {
        if (r.IOMaximumBandwidth != 0)
            throw EngineException.InvalidParameter("invalid option: QoS maximum bandwidth configuration is not supported on linux");
        if (r.IOMaximumIOps != 0)
            throw EngineException.InvalidParameter("invalid option: QoS maximum IOPs configuration is not supported on linux");
        if (r.BlkioWeight > 0 && !host.BlockWeight)
        {
            warnings.Add("Your kernel does not support Block I/O weight or the cgroup is not mounted. Weight discarded.");
            r = r with { BlkioWeight = 0 };
        }
        if (r.BlkioWeight > 0 && r.BlkioWeight is < 10 or > 1000)
            throw EngineException.InvalidParameter("Range of blkio weight is from 10 to 1000");
        if (r.BlkioWeightDevice is { Length: > 0 } && !host.BlockWeightDevice)
        {
            warnings.Add("Your kernel does not support Block I/O weight_device or the cgroup is not mounted. Weight-device discarded.");
            r = r with { BlkioWeightDevice = [] };
        }
        if (r.BlkioDeviceReadBps is { Length: > 0 } && !host.BlockReadBps)
        {
            warnings.Add("Your kernel does not support BPS Block I/O read limit or the cgroup is not mounted. Block I/O BPS read limit discarded.");
            r = r with { BlkioDeviceReadBps = [] };
        }
        if (r.BlkioDeviceWriteBps is { Length: > 0 } && !host.BlockWriteBps)
        {
            warnings.Add("Your kernel does not support BPS Block I/O write limit or the cgroup is not mounted. Block I/O BPS write limit discarded.");
            r = r with { BlkioDeviceWriteBps = [] };
        }
        if (r.BlkioDeviceReadIOps is { Length: > 0 } && !host.BlockReadIops)
        {
            warnings.Add("Your kernel does not support IOPS Block read limit or the cgroup is not mounted. Block I/O IOPS read limit discarded.");
            r = r with { BlkioDeviceReadIOps = [] };
        }
        if (r.BlkioDeviceWriteIOps is { Length: > 0 } && !host.BlockWriteIops)
        {
            warnings.Add("Your kernel does not support IOPS Block write limit or the cgroup is not mounted. Block I/O IOPS write limit discarded.");
            r = r with { BlkioDeviceWriteIOps = [] };
        }
        return r;
    }

    private static void CheckSet(string? text, string kind, string noun, string available)
    {
        if (string.IsNullOrEmpty(text) || NumberList.IsAvailable(text, available, out string? problem))
            return;
        throw EngineException.InvalidParameter(problem is not null
            ? $"Invalid value {text} for cpuset {kind}: {problem}"
            : $"Requested {noun} are not available - requested {text}, available: {available}");
    }
}
