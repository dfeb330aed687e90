using Hafen.Linux.Events;
using Hafen.Linux.FileSystem;

namespace Hafen.Linux.Processes;

/// <summary>Process descriptors (pidfd_open(2)): they name one process for good, whatever becomes of its pid. Readable when the process has ended.</summary>
public static class Pidfd
{
    /// <exception cref="LinuxException">ESRCH: there is no such process.</exception>
    public static Descriptor Open(int pid)
    {
        nint result = SystemCall.Call(SystemCall.pidfd_open, pid);
        return result >= 0 ? new Descriptor((int)result) : throw new LinuxException((int)-result, "pidfd_open", pid.ToString());
    }

    /// <summary>The process's number in the caller's pid namespace.</summary>
    /// <exception cref="LinuxException">ESRCH: it has been reaped; EBADF: not a pidfd.</exception>
    public static int PidOf(int pidDescriptor)
    {
        foreach (string line in File.ReadLines($"/proc/self/fdinfo/{pidDescriptor}"))
        {
            if (line.StartsWith("Pid:", StringComparison.Ordinal) && int.TryParse(line.AsSpan(4), out int pid))
                return pid > 0 ? pid : throw new LinuxException(Errno.ESRCH, "pidfd");
        }

        throw new LinuxException(Errno.EBADF, "pidfd");
    }

    /// <summary>Whether the process has ended, reaped or not.</summary>
    public static bool HasEnded(int pidDescriptor)
    {
        PollEntry[] entry = [new(pidDescriptor, Poll.In)];
        return Poll.Wait(entry, 0) > 0;
    }

    /// <summary>Sends a signal; signal 0 only asks whether the process is there.</summary>
    /// <returns>False when the process has ended and was reaped.</returns>
    public static bool SendSignal(int pidDescriptor, int signal)
    {
        nint result = SystemCall.Call(SystemCall.pidfd_send_signal, pidDescriptor, signal);
        return result switch
        {
            0 => true,
            -Errno.ESRCH => false,
            _ => throw new LinuxException((int)-result, "pidfd_send_signal"),
        };
    }
}
