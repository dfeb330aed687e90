using System.Text;

namespace Hafen.Linux.Processes;

/// <summary>Attributes of the calling process (prctl(2)) and signals to others.</summary>
public static unsafe class ProcessControl
{
    public const int PR_SET_DUMPABLE = 4, PR_SET_KEEPCAPS = 8, PR_SET_NAME = 15, PR_CAPBSET_READ = 23, PR_CAPBSET_DROP = 24,
        PR_SET_CHILD_SUBREAPER = 36, PR_SET_NO_NEW_PRIVS = 38, PR_CAP_AMBIENT = 47, PR_CAP_AMBIENT_RAISE = 2, PR_CAP_AMBIENT_CLEAR_ALL = 4;

    /// <summary>Orphaned descendants become children of this process instead of init's.</summary>
    public static void BecomeSubreaper() => Control(PR_SET_CHILD_SUBREAPER, 1, "PR_SET_CHILD_SUBREAPER");

    /// <summary>Whether others with the same user may read this process's memory and descriptors.</summary>
    public static void SetDumpable(bool dumpable) => Control(PR_SET_DUMPABLE, dumpable ? 1 : 0, "PR_SET_DUMPABLE");

    /// <summary>Name shown by <c>ps -o comm</c>, cut to 15 bytes.</summary>
    public static void SetName(string name)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(name + '\0'))
            Control(PR_SET_NAME, (nint)bytes, "PR_SET_NAME");
    }

    /// <summary>kill(2).</summary>
    /// <returns>False when there is no such process.</returns>
    public static bool Kill(int pid, int signal)
    {
        nint result = SystemCall.Call(SystemCall.kill, pid, signal);
        return result switch
        {
            0 => true,
            -Errno.ESRCH => false,
            _ => throw new LinuxException((int)-result, "kill", pid.ToString()),
        };
    }

    private static void Control(int option, nint value, string name)
    {
        nint result = SystemCall.Call(SystemCall.prctl, option, value);
        if (result < 0)
            throw new LinuxException((int)-result, "prctl", name);
    }
}
