using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;
using Hafen.Linux.Sockets;

namespace Hafen.Runtime.Cli;

/// <summary>
/// A process that enters a container is visible there, and with it its executable as /proc/PID/exe, which root inside could open for writing
/// (CVE-2019-5736). So the verbs that enter one run from a sealed copy in memory, which nobody can change.
/// </summary>
internal static unsafe class SealedSelf
{
    private const string Self = "/proc/self/exe";
    private const int F_GET_SEALS = 1034, F_SEAL_WRITE = 8;

    /// <summary>Executes this program again from a sealed copy, unless it runs from one; then it returns.</summary>
    /// <exception cref="LinuxException">The copy cannot be made or executed.</exception>
    public static void Ensure(string[] arguments)
    {
        if (IsSealed())
            return;
        var copy = MemoryFile.CreateSealedExecutable(Self);
        using var argv = new NativeStrings(["hafen-runtime", .. arguments]);
        using var environment = NativeStrings.OfEnvironment();
        fixed (byte* empty = "\0"u8)
        {
            var result = SystemCall.Call(SystemCall.execveat, copy, (nint)empty, (nint)argv.Pointer, (nint)environment.Pointer, OpenFlags.AT_EMPTY_PATH);
            throw new LinuxException((int)-result, "execveat", "sealed copy");
        }
    }

    private static bool IsSealed()
    {
        using var self = Files.Open(Self, OpenFlags.O_RDONLY);
        var seals = SystemCall.Call(SystemCall.fcntl, self.Number, F_GET_SEALS);
        return seals > 0 && (seals & F_SEAL_WRITE) != 0;
    }
}
