using Hafen.Linux.Processes;

namespace Hafen.Linux.Descriptors;

/// <summary>How many descriptors this process may still open.</summary>
public static class DescriptorRoom
{
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
            return (ulong)(Math.Min(probe.ReadEnd, probe.WriteEnd) + count) <= OpenFileLimit.Soft;
        }
        catch (LinuxException)
        {
            return false;
        }
    }
}
