using System.Globalization;
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
        var limits = CheckMemory(given, host, update, warnings);
        limits = CheckCpu(limits, host, warnings);
        limits = CheckBlockIo(limits, host, warnings);
        if (limits.PidsLimit is { } pids && !host.Has("pids"))
        {
            if (pids > 0) warnings.Add("Your kernel does not support PIDs limit capabilities or the cgroup is not mounted. PIDs limit discarded.");
            limits = limits with { PidsLimit = null };
        }
        if (limits.DeviceRequests is { Length: > 0 } requests)
        {
            string capabilities = string.Join(' ', (requests[0].Capabilities ?? []).Select(set => $"[{string.Join(' ', set)}]"));
            throw EngineException.InvalidParameter($"could not select device driver \"{requests[0].Driver}\" with capabilities: [{capabilities}]");
        }
        return (T)limits;
    }

    private static ContainerResources CheckMemory(ContainerResources r, HostFacts host, bool update, List<string> warnings)
    {
        // -1 is what old clients send for "not set".
        if (r.MemorySwappiness == -1) r = r with { MemorySwappiness = null };
        bool controller = host.Has("memory");
        if (r.Memory != 0 && r.Memory < LeastMemory) throw EngineException.InvalidParameter("Minimum memory limit allowed is 6MB");
        if (r.Memory > 0 && !controller)
        {
            warnings.Add("Your kernel does not support memory limit capabilities or the cgroup is not mounted. Limitation discarded.");
            r = r with { Memory = 0, MemorySwap = -1 };
        }
        if (r.Memory > 0 && r.MemorySwap > 0 && r.MemorySwap < r.Memory)
            throw EngineException.InvalidParameter("Minimum memoryswap limit should be larger than memory limit, see usage");
        if (r.Memory == 0 && r.MemorySwap > 0 && !update)
            throw EngineException.InvalidParameter("You should always set the Memory limit when using Memoryswap limit, see usage");
        if (r.MemorySwappiness is { } swappiness)
        {
            if (host.CgroupUnified || !controller)
            {
                warnings.Add("Your kernel does not support memory swappiness capabilities or the cgroup is not mounted. Memory swappiness discarded.");
                r = r with { MemorySwappiness = null };
            }
            else if (swappiness is < 0 or > 100)
            {
                throw EngineException.InvalidParameter($"Invalid value: {swappiness}, valid memory swappiness range is 0-100");
            }
        }
        if (r.MemoryReservation > 0 && !controller)
        {
            warnings.Add("Your kernel does not support memory soft limit capabilities or the cgroup is not mounted. Limitation discarded.");
            r = r with { MemoryReservation = 0 };
        }
        if (r.MemoryReservation > 0 && r.MemoryReservation < LeastMemory)
            throw EngineException.InvalidParameter("Minimum memory reservation allowed is 6MB");
        if (r.Memory > 0 && r.MemoryReservation > 0 && r.Memory < r.MemoryReservation)
            throw EngineException.InvalidParameter("Minimum memory limit can not be less than memory reservation limit, see usage");
        if (r.OomKillDisable is { } disable && (host.CgroupUnified || !controller))
        {
            if (disable) warnings.Add("Your kernel does not support OomKillDisable. OomKillDisable discarded.");
            r = r with { OomKillDisable = null };
        }
        if (r.OomKillDisable == true && r.Memory == 0)
            warnings.Add("OOM killer is disabled for the container, but no memory limit is set, this can result in the system running out of resources.");
        return r;
    }

    private static ContainerResources CheckCpu(ContainerResources r, HostFacts host, List<string> warnings)
    {
        bool controller = host.Has("cpu");
        if (r.NanoCpus > 0 && r.CpuPeriod > 0) throw EngineException.InvalidParameter("Conflicting options: Nano CPUs and CPU Period cannot both be set");
        if (r.NanoCpus > 0 && r.CpuQuota > 0) throw EngineException.InvalidParameter("Conflicting options: Nano CPUs and CPU Quota cannot both be set");
        if (r.NanoCpus > 0 && !controller)
            throw EngineException.InvalidParameter("NanoCPUs can not be set, as your kernel does not support CPU CFS scheduler or the cgroup is not mounted");
        if (r.NanoCpus != 0 && (r.NanoCpus < 0 || r.NanoCpus > host.Cpus * 1_000_000_000L))
            throw EngineException.InvalidParameter($"range of CPUs is from 0.01 to {host.Cpus}.00, as there are only {host.Cpus} CPUs available");
        if (r.CpuShares < 0) throw EngineException.InvalidParameter($"invalid CPU shares ({r.CpuShares}): value must be a positive integer");
        if (r.CpuShares > 0 && !controller)
        {
            warnings.Add("Your kernel does not support CPU shares or the cgroup is not mounted. Shares discarded.");
            r = r with { CpuShares = 0 };
        }
        if ((r.CpuPeriod != 0 || r.CpuQuota != 0) && !controller)
        {
            warnings.Add("Your kernel does not support CPU CFS scheduler. CPU period/quota discarded.");
            r = r with { CpuPeriod = 0, CpuQuota = 0 };
        }
        if (r.CpuPeriod != 0 && r.CpuPeriod is < 1000 or > 1_000_000)
            throw EngineException.InvalidParameter("CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
        if (r.CpuQuota is > 0 and < 1000) throw EngineException.InvalidParameter("CPU cfs quota can not be less than 1ms (i.e. 1000)");
        if (r.CpuPercent > 0)
        {
            warnings.Add("linux does not support CPU percent. Percent discarded.");
            r = r with { CpuPercent = 0 };
        }
        if ((!string.IsNullOrEmpty(r.CpusetCpus) || !string.IsNullOrEmpty(r.CpusetMems)) && !host.Has("cpuset"))
        {
            warnings.Add("Your kernel does not support cpuset or the cgroup is not mounted. Cpuset discarded.");
            r = r with { CpusetCpus = null, CpusetMems = null };
        }
        CheckSet(r.CpusetCpus, "cpus", host.Cpus, (text, available) => $"Requested CPUs are not available - requested {text}, available: {available}");
        CheckSet(r.CpusetMems, "mems", NodeCount(), (text, available) => $"Requested memory nodes are not available - requested {text}, available: {available}");
        return r;
    }

    private static ContainerResources CheckBlockIo(ContainerResources r, HostFacts host, List<string> warnings)
    {
        if (r.IOMaximumBandwidth != 0 || r.IOMaximumIOps != 0)
            throw EngineException.InvalidParameter("Invalid QoS settings: linux does not support Maximum IO Bandwidth or Maximum IO IOps");
        if (r.BlkioWeight > 0 && r.BlkioWeight is < 10 or > 1000) throw EngineException.InvalidParameter("Range of blkio weight is from 10 to 1000");
        if (host.Has(host.CgroupUnified ? "io" : "blkio")) return r;
        if (r.BlkioWeight > 0)
        {
            warnings.Add("Your kernel does not support Block I/O weight or the cgroup is not mounted. Weight discarded.");
            r = r with { BlkioWeight = 0 };
        }
        if (r.BlkioWeightDevice is { Length: > 0 })
            warnings.Add("Your kernel does not support Block I/O weight_device or the cgroup is not mounted. Weight-device discarded.");
        if (r.BlkioDeviceReadBps is { Length: > 0 })
            warnings.Add("Your kernel does not support BPS Block I/O read limit or the cgroup is not mounted. Block I/O BPS read limit discarded.");
        if (r.BlkioDeviceWriteBps is { Length: > 0 })
            warnings.Add("Your kernel does not support BPS Block I/O write limit or the cgroup is not mounted. Block I/O BPS write limit discarded.");
        if (r.BlkioDeviceReadIOps is { Length: > 0 })
            warnings.Add("Your kernel does not support IOPS Block read limit or the cgroup is not mounted. Block I/O IOPS read limit discarded.");
        if (r.BlkioDeviceWriteIOps is { Length: > 0 })
            warnings.Add("Your kernel does not support IOPS Block write limit or the cgroup is not mounted. Block I/O IOPS write limit discarded.");
        return r with
        {
            BlkioWeightDevice = null,
            BlkioDeviceReadBps = null,
            BlkioDeviceWriteBps = null,
            BlkioDeviceReadIOps = null,
            BlkioDeviceWriteIOps = null,
        };
    }

    /// <summary>Checks a list such as <c>0-2,4</c> (cpuset(7), "List format").</summary>
    private static void CheckSet(string? text, string kind, int count, Func<string, string, string> unavailable)
    {
        if (string.IsNullOrEmpty(text)) return;
        foreach (string part in text.Split(','))
        {
            int dash = part.IndexOf('-', StringComparison.Ordinal);
            string first = dash < 0 ? part : part[..dash];
            string last = dash < 0 ? part : part[(dash + 1)..];
            if (!int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int from)
                || !int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int to) || to < from)
                throw EngineException.InvalidParameter($"Invalid value {text} for cpuset {kind}: failed to parse {part}");
            if (to >= count) throw EngineException.InvalidParameter(unavailable(text, count == 1 ? "0" : $"0-{count - 1}"));
        }
    }

    private static int NodeCount()
    {
        const string folder = "/sys/devices/system/node";
        return Directory.Exists(folder) ? Math.Max(1, Directory.GetDirectories(folder, "node*").Length) : 1;
    }
}
