using Hafen.Errors;
using Hafen.Linux.FileSystem;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Cli.Options;
using Hafen.Runtime.Errors;
using Hafen.Runtime.State;

namespace Hafen.Runtime.Cli.Verbs;

/// <summary><c>update [options] ID</c>: changes limits of a container; what is not named stays as it is.</summary>
internal static class UpdateVerb
{
    private static readonly string[] s_valued =
    [
        "resources|r", "memory", "memory-reservation", "memory-swap", "cpu-share", "cpu-quota", "cpu-period", "cpu-burst", "cpu-idle", "cpu-rt-runtime",
        "cpu-rt-period", "cpuset-cpus", "cpuset-mems", "pids-limit", "blkio-weight", "kernel-memory", "kernel-memory-tcp",
    ];

    public static int Run(GlobalOptions global)
    {
        var options = VerbOptions.Parse(global.Rest, [], s_valued);
        var stored = global.States.Load(options.Id);
        if (global.States.StatusOf(stored) == ContainerStatus.Stopped)
            throw new RuntimeException(ErrorKind.NotRunning, "update", "container not running");
        var resources = ResourcesOf(options);
        using var cgroup = StateFolder.CgroupOf(stored);
        cgroup.Update(resources);
        return 0;
    }

    /// <summary>The limits of a file (<c>-</c>: stdin), or those of the options.</summary>
    public static SpecResources ResourcesOf(VerbOptions options)
    {
        if (options.Value("resources") is { } file)
            return RuntimeSpecReader.ReadResources(Files.ReadAll(file == "-" ? "/dev/stdin" : file));
        var memory = new SpecMemory
        {
            Limit = options.Bytes("memory"),
            Reservation = options.Bytes("memory-reservation"),
            Swap = options.Bytes("memory-swap"),
            Kernel = options.Bytes("kernel-memory"),
            KernelTcp = options.Bytes("kernel-memory-tcp"),
        };
        var cpu = new SpecCpu
        {
            Shares = (ulong?)options.Integer("cpu-share"),
            Quota = options.Integer("cpu-quota"),
            Period = (ulong?)options.Integer("cpu-period"),
            Burst = (ulong?)options.Integer("cpu-burst"),
            Idle = options.Integer("cpu-idle"),
            RealtimeRuntime = options.Integer("cpu-rt-runtime"),
            RealtimePeriod = (ulong?)options.Integer("cpu-rt-period"),
            Cpus = options.Value("cpuset-cpus"),
            Mems = options.Value("cpuset-mems"),
        };
        return new SpecResources
        {
            Memory = memory == new SpecMemory() ? null : memory,
            Cpu = cpu == new SpecCpu() ? null : cpu,
            Pids = options.Integer("pids-limit") is { } limit ? new SpecPids { Limit = limit } : null,
            BlockIo = options.Integer("blkio-weight") is { } weight ? new SpecBlockIo { Weight = (ushort)Math.Clamp(weight, 0, ushort.MaxValue) } : null,
        };
    }
}
