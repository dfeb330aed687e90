using Hafen.Api;
using Hafen.Engine.Containers.Create;
using Hafen.Oci.Runtime;

namespace Hafen.Engine.Containers.Spec;

/// <summary>Limits of a request as the runtime specification has them.</summary>
internal static class BuildResources
{
    /// <summary>Device numbers by host path.</summary>
    public delegate (long Major, long Minor) DeviceNumbers(string path);

    /// <summary>All limits but the device rules.</summary>
    public static SpecResources Limits(ContainerResources r, DeviceNumbers numbers) => new()
    {
        Memory = Memory(r),
        Cpu = Cpu(r),
        Pids = r.PidsLimit is { } pids ? new SpecPids { Limit = pids > 0 ? pids : -1 } : null,
        BlockIo = BlockIo(r, numbers),
    };

    /// <summary>Which devices the container may use: nothing but the standard ones and those asked for, or everything when privileged.</summary>
    public static SpecDeviceRule[] DeviceRulesOf(HostConfig host, IReadOnlyList<HostDevice> devices)
    {
        if (host.Privileged)
            return [new SpecDeviceRule { Allow = true, Access = "rwm" }];
        var rules = new List<SpecDeviceRule>
        {
            new() { Allow = false, Access = "rwm" },
            // Making nodes is harmless, opening them is what counts.
            new() { Allow = true, Type = "c", Access = "m" },
            new() { Allow = true, Type = "b", Access = "m" },
            Allow(1, 3),
            Allow(1, 5),
            Allow(1, 7),
            Allow(1, 8),
            Allow(1, 9),
            Allow(5, 0),
            Allow(5, 1),
            Allow(5, 2),
            Allow(136, null),
        };
        foreach (var device in devices)
        {
            rules.Add(new SpecDeviceRule
            {
                Allow = true,
                Type = device.Node.Type,
                Major = device.Node.Major,
                Minor = device.Node.Minor,
                Access = device.Permissions,
            });
        }
        foreach (string rule in host.DeviceCgroupRules ?? [])
            rules.Add(DeviceRules.Parse(rule));
        return [.. rules];
    }

    private static SpecDeviceRule Allow(long major, long? minor) => new() { Allow = true, Type = "c", Major = major, Minor = minor, Access = "rwm" };

    private static SpecMemory? Memory(ContainerResources r)
    {
        var memory = new SpecMemory
        {
            Limit = r.Memory > 0 ? r.Memory : null,
            Reservation = r.MemoryReservation > 0 ? r.MemoryReservation : null,
            Swap = r.MemorySwap > 0 || (r.MemorySwap == -1 && r.Memory > 0) ? r.MemorySwap : null,
            Swappiness = r.MemorySwappiness is { } swappiness ? (ulong)swappiness : null,
            DisableOomKiller = r.OomKillDisable == true ? true : null,
            KernelTcp = r.KernelMemoryTCP > 0 ? r.KernelMemoryTCP : null,
        };
        return memory == new SpecMemory() ? null : memory;
    }

    private static SpecCpu? Cpu(ContainerResources r)
    {
        const long period = 100_000;
        var cpu = new SpecCpu
        {
            Shares = r.CpuShares > 0 ? (ulong)r.CpuShares : null,
            Quota = r.NanoCpus > 0 ? r.NanoCpus * period / 1_000_000_000 : r.CpuQuota != 0 ? r.CpuQuota : null,
            Period = r.NanoCpus > 0 ? (ulong)period : r.CpuPeriod != 0 ? (ulong)r.CpuPeriod : null,
            Cpus = string.IsNullOrEmpty(r.CpusetCpus) ? null : r.CpusetCpus,
            Mems = string.IsNullOrEmpty(r.CpusetMems) ? null : r.CpusetMems,
        };
        return cpu == new SpecCpu() ? null : cpu;
    }

    private static SpecBlockIo? BlockIo(ContainerResources r, DeviceNumbers numbers)
    {
        var io = new SpecBlockIo
        {
            Weight = r.BlkioWeight > 0 ? r.BlkioWeight : null,
            WeightDevice = Each(r.BlkioWeightDevice, d =>
            {
                var (major, minor) = numbers(d.Path ?? "");
                return new SpecWeightDevice { Major = major, Minor = minor, Weight = d.Weight };
            }),
            ThrottleReadBpsDevice = Each(r.BlkioDeviceReadBps, Throttle),
            ThrottleWriteBpsDevice = Each(r.BlkioDeviceWriteBps, Throttle),
            ThrottleReadIopsDevice = Each(r.BlkioDeviceReadIOps, Throttle),
            ThrottleWriteIopsDevice = Each(r.BlkioDeviceWriteIOps, Throttle),
        };
        return io == new SpecBlockIo() ? null : io;

        SpecThrottleDevice Throttle(BlkioThrottleDevice device)
        {
            var (major, minor) = numbers(device.Path ?? "");
            return new SpecThrottleDevice { Major = major, Minor = minor, Rate = device.Rate };
        }
    }

    private static TOut[]? Each<TIn, TOut>(TIn[]? items, Func<TIn, TOut> map) => items is { Length: > 0 } ? [.. items.Select(map)] : null;
}
