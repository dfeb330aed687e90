using Hafen.Errors;
using Hafen.Runtime.Errors;

namespace Hafen.Runtime.Security;

/// <summary>Lists of CPUs as the kernel writes them, <c>0-3,7</c>, as the bit mask that sched_setaffinity(2) takes.</summary>
internal static class CpuList
{
    // The kernel's own limit (CONFIG_NR_CPUS).
    private const int MaxCpus = 8192;

    /// <exception cref="RuntimeException">InvalidArgument: no such list.</exception>
    public static byte[] ToMask(string list)
    {
        var cpus = new SortedSet<int>();
        foreach (string part in list.Split(','))
        {
            int dash = part.IndexOf('-');
            if (!Number(dash < 0 ? part : part[..dash], out int first) || !Number(dash < 0 ? part : part[(dash + 1)..], out int last) || last < first)
                throw new RuntimeException(ErrorKind.InvalidParameter, "execCPUAffinity", $"invalid list of CPUs \"{list}\"");
            for (int cpu = first; cpu <= last; cpu++)
                cpus.Add(cpu);
        }

        // Whole words, as the kernel reads them.
        byte[] mask = new byte[(cpus.Max / 64 + 1) * 8];
        foreach (int cpu in cpus)
            mask[cpu / 8] |= (byte)(1 << (cpu % 8));
        return mask;
    }

    private static bool Number(string text, out int number) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out number) && number < MaxCpus;
}
