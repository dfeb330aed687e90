using Hafen.Linux.Seccomp;

namespace Hafen.Engine.Tests.Fakes;

internal static class FakeHost
{
    public const string Id = "4b6f0d1c2a3e4b6f0d1c2a3e4b6f0d1c2a3e4b6f0d1c2a3e4b6f0d1c2a3e4b6f";

    /// <summary>Of this run alone: some tests make it.</summary>
    public static string CgroupParent { get; } = $"/hafen-test-{Environment.ProcessId}";

    public static HostFacts Facts { get; } = new()
    {
        CgroupUnified = false,
        Limits = AllLimits(true),
        Cpus = 2,
        Capabilities = Hafen.Linux.Capabilities.CapabilityNames.All,
        Kernel = new KernelVersion(6, 1),
        BootId = "this-boot",
        Hostname = "host",
    };

    public static LimitSupport AllLimits(bool there) => new()
    {
        Memory = there,
        Swap = there,
        MemoryReservation = there,
        OomKillDisable = there,
        Swappiness = there,
        CpuShares = there,
        CpuQuota = there,
        CpuRealtime = there,
        Cpuset = there,
        Pids = there,
        BlockWeight = there,
        BlockWeightDevice = there,
        BlockReadBps = there,
        BlockWriteBps = there,
        BlockReadIops = there,
        BlockWriteIops = there,
        Cpus = there ? "0-1" : "",
        Mems = there ? "0" : "",
    };

    public static EngineOptions Options(string root) => new()
    {
        Root = Path.Combine(root, "lib"),
        RunRoot = Path.Combine(root, "run"),
        CgroupParent = CgroupParent,
        InitPath = "/usr/lib/hafen/hafen-init",
    };
}
