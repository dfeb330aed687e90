namespace Hafen.Linux.Processes;

/// <summary>Waits for child processes.</summary>
public static unsafe class Children
{
    private const int WNOHANG = 1;

    /// <summary>Waits until the child <paramref name="pid"/> has ended and reaps it.</summary>
    /// <exception cref="LinuxException">ECHILD: not a child of this process, or already reaped.</exception>
    public static ChildExit Wait(int pid) => WaitFor(pid, 0) ?? throw new LinuxException(Errno.ECHILD, "wait4");

    /// <summary>Reaps the child <paramref name="pid"/> if it has ended; null when it still runs.</summary>
    /// <exception cref="LinuxException">ECHILD: not a child of this process, or already reaped.</exception>
    public static ChildExit? TryWait(int pid) => WaitFor(pid, WNOHANG);

    /// <summary>Reaps any child that has ended; null when none has, or none is left.</summary>
    public static ChildExit? TryWaitAny()
    {
        int status;
        nint result = SystemCall.Call(SystemCall.wait4, -1, (nint)(&status), WNOHANG);
        return result > 0 ? ChildExit.FromWaitStatus((int)result, status) : null;
    }

    private static ChildExit? WaitFor(int pid, int options)
    {
        int status;
        nint result;
        do
            result = SystemCall.Call(SystemCall.wait4, pid, (nint)(&status), options);
        while (result == -Errno.EINTR);
        if (result < 0)
            throw new LinuxException((int)-result, "wait4");
        return result == 0 ? null : ChildExit.FromWaitStatus((int)result, status);
    }
}
