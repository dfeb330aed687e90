using Hafen.Linux;
using Hafen.Linux.FileSystem;
using static Hafen.Linux.Processes.SystemCall;

namespace Hafen.Runtime.Init;

/// <summary>The last steps: which file, which descriptors, execve.</summary>
internal static unsafe class ChildExecute
{
    private const int LastSignal = 64;

    /// <summary>As a shell and Go's LookPath do: the first candidate that is a file with the right to execute it.</summary>
    public static nint Find(ChildState* state, Step* step)
    {
        nint error = -Errno.ENOENT;
        for (long i = 0; i < step->StringCount; i++)
        {
            var detail = ChildDetail.CommandStatus;
            nint result = Check(step->Strings[i], &detail);
            if (result >= 0)
            {
                state->Executable = step->Strings[i];
                return 0;
            }

            error = result;
            state->Detail = detail;
        }

        if (step->Value == 0)
        {
            state->Detail = ChildDetail.NotInPath;
            return -Errno.ENOENT;
        }

        return error;
    }

    /// <summary>
    /// Nothing of the host stays open while the container is waiting for its start, and nothing reaches the program (CVE-2024-21626): all is closed
    /// but the standard streams, what the caller preserves, and the channels to the parent, which close at execve.
    /// </summary>
    public static nint CloseDescriptors(ChildState* state, Step* step)
    {
        int low = state->Sync;
        int high = state->Fifo = step->Descriptor;
        if (high < 0)
            high = low;
        if (high < low)
            (low, high) = (high, low);
        nint result = CloseRange(step->Value, low - 1L);
        if (result >= 0)
            result = CloseRange(low < step->Value ? step->Value : low + 1L, high - 1L);
        return result < 0 ? result : CloseRange(high < step->Value ? step->Value : high + 1L, uint.MaxValue);
    }

    public static nint Announce(ChildState* state)
    {
        Child.Report(state, ChildMessageKind.Executing);
        ResetSignals();
        return 0;
    }

    public static nint Execute(ChildState* state, Step* step)
    {
        if (state->Home != null && step->EnvironmentCount > 0)
            step->Environment[step->EnvironmentCount - 1] = state->Home;
        return Direct(execve, (nint)state->Executable, (nint)step->Strings, (nint)step->Environment);
    }

    /// <summary>Nothing ignored, nothing blocked: the program starts with the dispositions it may expect. (Handlers went at the clone.)</summary>
    public static void ResetSignals()
    {
        // struct kernel_sigaction with SIG_DFL, and an empty mask.
        ulong* action = stackalloc ulong[4];
        action[0] = action[1] = action[2] = action[3] = 0;
        for (int signal = 1; signal <= LastSignal; signal++)
            Direct(rt_sigaction, signal, (nint)action, 0, sizeof(ulong));
        const int SIG_SETMASK = 2;
        Direct(rt_sigprocmask, SIG_SETMASK, (nint)action, 0, sizeof(ulong));
    }

    private static nint Check(byte* path, ChildDetail* detail)
    {
        const int AT_EACCESS = 0x200, X_OK = 1;
        statx_t status;
        nint result = Direct(statx, OpenFlags.AT_FDCWD, (nint)path, 0, (nint)statx_t.STATX_BASIC_STATS, (nint)(&status));
        if (result < 0)
            return result;
        *detail = ChildDetail.CommandPermission;
        if ((status.stx_mode & statx_t.S_IFMT) == statx_t.S_IFDIR)
            return -Errno.EACCES;
        return Direct(faccessat2, OpenFlags.AT_FDCWD, (nint)path, X_OK, AT_EACCESS);
    }

    private static nint CloseRange(long first, long last) => first > last ? 0 : Direct(close_range, (nint)first, (nint)last);
}
