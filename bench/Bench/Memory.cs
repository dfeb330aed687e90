namespace Hafen.Bench;

/// <summary>Memory of processes as the kernel shares it out (PSS).</summary>
internal static class Memory
{
    /// <summary>MiB of one daemon's processes, told by its folder, whose command line holds a text; and how many they are.</summary>
    public static (double MiB, int Count) OfProcessesWith(string text, string folder)
    {
        double sum = 0;
        int count = 0;
        foreach (int pid in ProcessesWith(text, folder))
        {
            try
            {
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

    /// <summary>One daemon's processes, told by its folder, whose command line holds a text.</summary>
    public static IEnumerable<int> ProcessesWith(string text, string folder)
    {
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(process), out int pid) || pid == Environment.ProcessId)
                continue;
            string commandLine;
            try
            {
                commandLine = File.ReadAllText(process + "/cmdline").Replace('\0', ' ');
            }
            catch (IOException)
            {
                continue;
            }
            if (commandLine.Contains(text, StringComparison.Ordinal) && commandLine.Contains(folder, StringComparison.Ordinal))
                yield return pid;
        }
    }

    /// <summary>MiB of one process.</summary>
    public static double OfProcess(int pid)
    {
        string line = File.ReadLines($"/proc/{pid}/smaps_rollup").First(l => l.StartsWith("Pss:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024;
    }
}
