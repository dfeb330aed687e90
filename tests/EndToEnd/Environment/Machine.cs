using System.Diagnostics;

namespace Hafen.EndToEnd.Environment;

/// <summary>What of the kernel could be left behind: seen before and after, the difference must be empty.</summary>
public sealed record Machine(
    IReadOnlySet<string> Processes, IReadOnlySet<string> Mounts, IReadOnlySet<string> Cgroups, IReadOnlySet<string> Namespaces, IReadOnlySet<string> Links,
    IReadOnlySet<string> Firewall, IReadOnlySet<string> Files)
{
    public static Machine Observe() => new(
        Processes: HafenProcesses().ToHashSet(),
        // The first "ip netns add" since the boot makes its folder a mount that stays.
        Mounts: File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4]).Where(mount => mount != "/run/netns").ToHashSet(),
        Cgroups: HafenCgroups().ToHashSet(),
        Namespaces: NetworkNamespaces().ToHashSet(),
        Links: Directory.EnumerateDirectories("/sys/class/net").Select(folder => Path.GetFileName(folder)!).ToHashSet(),
        Firewall: Command.Run("nft", "list", "tables").Lines.ToHashSet(),
        Files: ((string[])["/run", "/var/lib", "/var/tmp", Path.GetTempPath()]).SelectMany(folder => Directory.EnumerateFileSystemEntries(folder, "hafen*")).ToHashSet());

    /// <summary>What is here now and was not in <paramref name="before"/>. The kernel removes namespaces and links a moment after their last user: it gets that moment.</summary>
    public static IReadOnlyList<string> LeftSince(Machine before)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            var left = Observe().Except(before);
            if (left.Count == 0 || patience.Elapsed > TimeSpan.FromSeconds(10)) return left;
            Thread.Sleep(100);
        }
    }

    private List<string> Except(Machine before) =>
    [
        .. Processes.Except(before.Processes).Select(p => "process " + p),
        .. Mounts.Except(before.Mounts).Select(m => "mount " + m),
        .. Cgroups.Except(before.Cgroups).Select(c => "cgroup " + c),
        .. Namespaces.Except(before.Namespaces).Select(n => "network namespace " + n),
        .. Links.Except(before.Links).Select(l => "link " + l),
        .. Firewall.Except(before.Firewall).Select(t => "firewall " + t),
        .. Files.Except(before.Files).Select(f => "file " + f),
    ];

    private static IEnumerable<string> HafenProcesses()
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out int pid)) continue;
            string? name = Read(Path.Combine(folder, "comm"));
            string? state = Read(Path.Combine(folder, "stat"));
            if (name is null || state is null) continue;
            if (name.StartsWith("hafen", StringComparison.Ordinal)) yield return $"{pid} {name.Trim()}";
            else if (state.Contains(") Z ", StringComparison.Ordinal)) yield return $"{pid} {name.Trim()} (zombie)";
        }
    }

    private static IEnumerable<string> HafenCgroups()
        => new[] { "/sys/fs/cgroup" }.Concat(Directory.EnumerateDirectories("/sys/fs/cgroup"))
            .SelectMany(hierarchy => Directory.EnumerateDirectories(hierarchy, "hafen*"))
            .SelectMany(parent => Directory.EnumerateDirectories(parent).Append(parent));

    private static IEnumerable<string> NetworkNamespaces()
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out _)) continue;
            string? target = null;
            try
            {
                target = File.ResolveLinkTarget(Path.Combine(folder, "ns/net"), false)?.Name;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The process ended while it was looked at, or is not ours to look at.
            }
            if (target is not null) yield return target;
        }
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
