using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Mounts;
using Hafen.Linux.Processes;
using Hafen.Linux.Sockets;

namespace Hafen.Runtime.Cli;

/// <summary>
/// A process that enters a container is visible there, and with it its executable as /proc/PID/exe, which root inside could open for writing
/// (CVE-2019-5736). So the verbs that enter one run from where it cannot be written: a read-only mount of the executable that is attached nowhere, so
/// that nobody but a process with CAP_SYS_ADMIN on the host itself could change it; or, where such a mount cannot be made, a sealed copy in memory.
/// The mount costs a few microseconds and shares the file's page cache; the copy costs a copy.
/// </summary>
internal static unsafe class GuardedSelf
{
    private const string Self = "/proc/self/exe", Name = "hafen-runtime";
    private const int F_GET_SEALS = 1034, F_SEAL_WRITE = 8;

    /// <summary>Executes this program again from a guarded place, unless it runs from one; then it returns.</summary>
    /// <exception cref="LinuxException">Neither mount nor copy can be made.</exception>
    public static void Ensure(string[] arguments)
    {
        if (IsGuarded())
        {
            // The kernel names a process after the descriptor it was executed from.
            ProcessControl.SetName(Name);
            return;
        }

        using var guarded = TryMount() ?? new Descriptor(MemoryFile.CreateSealedExecutable(Self));
        using var argv = new NativeStrings([Name, .. arguments]);
        using var environment = NativeStrings.OfEnvironment();
        byte empty = 0;
        nint result = SystemCall.Call(SystemCall.execveat, guarded.Number, (nint)(&empty), (nint)argv.Pointer, (nint)environment.Pointer, OpenFlags.AT_EMPTY_PATH);
        throw new LinuxException((int)-result, "execveat", Self);
    }

    private static Descriptor? TryMount()
    {
        Descriptor? mount = null;
        try
        {
            mount = MountTree.Clone(Self, recursive: false);
            MountTree.SetAttributes(mount.Number, new mount_attr { attr_set = mount_attr.MOUNT_ATTR_RDONLY, propagation = MountFlags.MS_PRIVATE }, recursive: false);
            return mount;
        }
        catch (LinuxException)
        {
            mount?.Dispose();
            return null;
        }
    }

    private static bool IsGuarded()
    {
        using var self = Files.Open(Self, OpenFlags.O_RDONLY);
        if (FileSystemMagic.IsReadonly(self.Number))
            return true;
        nint seals = SystemCall.Call(SystemCall.fcntl, self.Number, F_GET_SEALS);
        return seals > 0 && (seals & F_SEAL_WRITE) != 0;
    }
}
