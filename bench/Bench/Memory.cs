namespace Hafen.Bench;

/// <summary>Memory of processes as the kernel shares it out (PSS).</summary>
internal static class Memory
{
    /// <summary>MiB of the processes whose command line holds a text, and how many they are.</summary>
    public static (double MiB, int Count) OfProcessesWith(string text)
    {
        double sum = 0;
        int count = 0;
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out int pid) || pid == Environment.ProcessId) continue;
            try
            {
                if (!File.ReadAllText(folder + "/cmdline").Replace('\0', ' ').Contains(text, StringComparison.Ordinal)) continue;
                sum += OfProcess(pid);
                count++;
            }
            catch (IOException)
            {
                // It ended while it was looked at.
            }
        }
        return (sum, count);
    }

    /// <summary>MiB of one process.</summary>
    public static double OfProcess(int pid)
    {
        string line = File.ReadLines($"/proc/{pid}/smaps_rollup").First(l => l.StartsWith("Pss:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024;
    }
}
