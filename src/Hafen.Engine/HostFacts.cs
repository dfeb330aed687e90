using Hafen.Linux.Capabilities;
using Hafen.Linux.Cgroups;
using Hafen.Linux.Seccomp;

namespace Hafen.Engine;

/// <summary>What the engine needs to know about this host; read once.</summary>
public sealed record HostFacts
{
    /// <summary>The host's only cgroup hierarchy is v2.</summary>
    public required bool CgroupUnified { get; init; }

    /// <summary>What can be limited here.</summary>
    public required LimitSupport Limits { get; init; }

    public required int Cpus { get; init; }

    /// <summary>Names of the capabilities the daemon can hand on.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    public required KernelVersion Kernel { get; init; }

    /// <summary>Differs after every boot.</summary>
    public required string BootId { get; init; }

    public required string Hostname { get; init; }

    /// <summary>Whether forwarding is off at this moment, so that containers reach nothing beyond the host. The networks may have switched it on.</summary>
    public Func<bool> ForwardingDisabled { get; init; } = static () => false;

    /// <summary>mount_setattr(2), which makes whole trees read-only.</summary>
    public bool RecursiveReadOnly => Kernel >= new KernelVersion(5, 12);

    public static HostFacts Read(CgroupHierarchies hierarchies)
        => new()
        {
            CgroupUnified = hierarchies.Mode == CgroupMode.Unified,
            Limits = LimitSupport.Read(hierarchies),
            Cpus = Environment.ProcessorCount,
            Capabilities = AvailableCapabilities.Names(),
            Kernel = KernelVersion.Current(),
            BootId = ReadLine("/proc/sys/kernel/random/boot_id"),
            Hostname = ReadLine("/proc/sys/kernel/hostname"),
            ForwardingDisabled = static () => ReadLine("/proc/sys/net/ipv4/ip_forward") == "0",
        };

    private static string ReadLine(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
