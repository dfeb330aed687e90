using Hafen.Linux.Processes;

namespace Hafen.Linux.Descriptors;

/// <summary>How many descriptors this process may still open.</summary>
public static unsafe class DescriptorRoom
{
    private const int RLIMIT_NOFILE = 7;

    /// <summary>The soft limit.</summary>
    public static long Limit
    {
        get
        {
            var limit = stackalloc ulong[2];
            return SystemCall.Call(SystemCall.prlimit64, 0, RLIMIT_NOFILE, 0, (nint)limit) < 0 || limit[0] > int.MaxValue ? int.MaxValue : (long)limit[0];
        }
    }

    /// <summary>
    /// Whether at least <paramref name="count"/> more can be opened. The kernel gives the lowest free numbers away, and a monitor's are dense, so the next ones
    /// tell how many there are.
    /// </summary>
    public static bool Has(int count)
    {
        try
        {
            var probe = Pipe.Create();
            probe.Close();
            return Math.Min(probe.ReadEnd, probe.WriteEnd) + count <= Limit;
        }
        catch (LinuxException)
        {
            return false;
        }
    }
}
