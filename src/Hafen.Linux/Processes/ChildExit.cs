namespace Hafen.Linux.Processes;

/// <summary>How a child process ended.</summary>
/// <param name="Pid">The child.</param>
/// <param name="Signaled">Whether a signal ended it.</param>
/// <param name="Status">Exit status, or the number of the signal.</param>
/// <param name="CoreDumped">Whether the kernel wrote a core.</param>
public readonly record struct ChildExit(int Pid, bool Signaled, int Status, bool CoreDumped)
{
    /// <summary>The exit code as shells and Docker count: 128 + signal number for a signal.</summary>
    public int ExitCode => Signaled ? 128 + Status : Status;

    /// <summary>From the status word of wait4(2).</summary>
    public static ChildExit FromWaitStatus(int pid, int status)
    {
        int signal = status & 0x7f;
        return signal == 0
            ? new ChildExit(pid, false, (status >> 8) & 0xff, false)
            : new ChildExit(pid, true, signal, (status & 0x80) != 0);
    }
}
