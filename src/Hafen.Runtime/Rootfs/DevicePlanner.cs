using Hafen.Errors;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Mounts;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Init;

namespace Hafen.Runtime.Rootfs;

/// <summary>/dev: the default devices and links of the runtime specification, and the devices that were asked for.</summary>
internal static class DevicePlanner
{
    private static readonly SpecDevice[] s_defaults =
    [
        Character("/dev/null", 1, 3), Character("/dev/zero", 1, 5), Character("/dev/full", 1, 7), Character("/dev/random", 1, 8),
        Character("/dev/urandom", 1, 9), Character("/dev/tty", 5, 0),
    ];

    private static readonly (string Path, string Target)[] s_links =
    [
        ("/dev/fd", "/proc/self/fd"), ("/dev/stdin", "/proc/self/fd/0"), ("/dev/stdout", "/proc/self/fd/1"), ("/dev/stderr", "/proc/self/fd/2"),
    ];

    /// <param name="steps">Receives the steps.</param>
    /// <param name="devices">The specification's devices.</param>
    /// <param name="bind">In a user namespace the kernel makes no device nodes: the host's are bound instead.</param>
    /// <param name="hasCore">Whether the kernel has /proc/kcore.</param>
    /// <exception cref="RuntimeException">InvalidArgument: a device of no known type.</exception>
    public static void Add(List<PlannedStep> steps, SpecDevice[]? devices, bool bind, bool hasCore)
    {
        foreach (var device in s_defaults)
        {
            if (!Array.Exists(devices ?? [], other => ContainerPath.Clean(other.Path) == device.Path))
                steps.Add(Node(device, bind));
        }

        foreach (var device in devices ?? [])
            steps.Add(Node(device, bind));
        foreach (var (path, target) in s_links)
            steps.Add(new PlannedStep(StepCode.MakeLink, $"make link {path}") { Text = path, Second = target });
        // Not every kernel has it, and a link to nothing would only puzzle.
        if (hasCore)
            steps.Add(new PlannedStep(StepCode.MakeLink, "make link /dev/core") { Text = "/dev/core", Second = "/proc/kcore" });
        steps.Add(new PlannedStep(StepCode.MakeLink, "make link /dev/ptmx") { Text = "/dev/ptmx", Second = "pts/ptmx", Value = 1 });
    }

    /// <summary>A device number as mknod(2) takes it.</summary>
    public static uint Number(long major, long minor) => (uint)((minor & 0xff) | (major << 8) | ((minor & ~0xffL) << 12));

    private static PlannedStep Node(SpecDevice device, bool bind)
    {
        string path = ContainerPath.Clean(device.Path);
        string stage = $"make device {path}";
        int type = device.Type switch
        {
            "c" or "u" => statx_t.S_IFCHR,
            "b" => statx_t.S_IFBLK,
            "p" => statx_t.S_IFIFO,
            _ => throw new RuntimeException(ErrorKind.InvalidParameter, stage, $"{stage}: unknown type {device.Type}"),
        };
        if (bind && type != statx_t.S_IFIFO)
            return new PlannedStep(StepCode.Attach, stage) { Text = path, Handle = new BindHandle(path, Recursive: false) { Propagation = MountFlags.MS_PRIVATE } };
        return new PlannedStep(StepCode.MakeNode, stage)
        {
            Text = path,
            Value = (uint)type | (device.FileMode is { } mode ? mode & 0xFFF : 0x1B6),
            Other = type == statx_t.S_IFIFO ? 0 : Number(device.Major, device.Minor),
            Number = (int)(device.Uid ?? 0),
            Descriptor = (int)(device.Gid ?? 0),
        };
    }

    private static SpecDevice Character(string path, long major, long minor) => new() { Path = path, Type = "c", Major = major, Minor = minor };
}
