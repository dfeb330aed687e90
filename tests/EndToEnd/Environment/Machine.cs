using System.Diagnostics;

namespace Hafen.EndToEnd.Environment;

/// <summary>What of the kernel's and of the disk's could be left behind by who has a word in all of his names (<see cref="TestRun"/>).</summary>
public static class Machine
{
    /// <summary>
    /// What bears the word in its name, nothing else of the machine. The kernel removes namespaces and links a moment after their last user: it
    /// gets that moment.
    /// </summary>
    public static IReadOnlyList<string> Left(string word)
    {
        var limit = Stopwatch.StartNew();
        while (true)
        {
            List<string> left = [.. Processes(word), .. Mounts(word), .. Cgroups(word), .. Links(word), .. Tables(word), .. Files(word)];
            if (left.Count == 0 || limit.Elapsed > TimeSpan.FromSeconds(30))
                return left;
            Thread.Sleep(100);
        }
    }

    /// <summary>Those with the word in their command line, environment or cgroup, which descendants inherit, and dead ones nobody has collected.</summary>
    private static IEnumerable<string> Processes(string word)
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out int pid) || pid == System.Environment.ProcessId)
                continue;
            string status = Read(folder, "status");
            bool ours = new[] { "cmdline", "environ", "cgroup" }.Any(file => Read(folder, file).Contains(word, StringComparison.Ordinal));
            bool zombie = status.Contains("\nState:\tZ", StringComparison.Ordinal) && status.Contains($"\nPPid:\t{System.Environment.ProcessId}\n", StringComparison.Ordinal);
            if (ours || zombie)
                yield return $"process {pid} {Read(folder, "comm").Trim()} {Read(folder, "cmdline").Replace('\0', ' ')}{(zombie ? " (zombie)" : "")}";
        }
    }

    private static IEnumerable<string> Mounts(string word)
        => File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(word, StringComparison.Ordinal)).Select(line => "mount " + line);

    private static IEnumerable<string> Cgroups(string word)
        => new[] { "/sys/fs/cgroup" }.Concat(Directory.EnumerateDirectories("/sys/fs/cgroup"))
            .SelectMany(hierarchy => Directory.EnumerateDirectories(hierarchy, $"*{word}*"))
            .SelectMany(parent => Directory.EnumerateDirectories(parent).Append(parent))
            .Select(cgroup => "cgroup " + cgroup);

    private static IEnumerable<string> Links(string word)
        => Directory.EnumerateDirectories("/sys/class/net", $"*{word}*").Select(link => "link " + Path.GetFileName(link));

    private static IEnumerable<string> Tables(string word)
        => Command.Run("nft", "list", "tables").Lines.Where(table => table.Contains(word, StringComparison.Ordinal)).Select(table => "firewall " + table);

    private static IEnumerable<string> Files(string word)
        => ((string[])["/run", "/run/netns", "/var/lib", "/var/tmp", Path.GetTempPath()]).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFileSystemEntries(folder, $"*{word}*")).Select(file => "file " + file);

    private static string Read(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The process ended while it was looked at.
            return "";
        }
    }
}
