using System.Collections.Concurrent;
using System.Diagnostics;
using Hafen.Linux.Procfs;

namespace Hafen.Runtime.Tests.EndToEnd;

/// <summary>
/// The proof for the raw clone (architecture, rule 1): thousands of starts without one that hangs, and nothing left behind.
/// HAFEN_STRESS_STARTS sets the number, 10,000 when absent.
/// </summary>
public class StressTests
{
    [Fact]
    public void Thousands_of_starts_leave_nothing()
    {
        _ = NativeRuntime.Executable;
        var starts = int.TryParse(Environment.GetEnvironmentVariable("HAFEN_STRESS_STARTS"), out var number) ? number : 10_000;
        using var bundle = new Bundle();
        bundle.Linux = bundle.Linux with { CgroupsPath = null };
        bundle.Spec = bundle.Spec with { Mounts = [.. bundle.Spec.Mounts!.Where(mount => mount.Destination is "/proc" or "/dev")] };
        bundle.Save();
        var failures = new ConcurrentBag<string>();

        Parallel.For(0, starts, new ParallelOptions { MaxDegreeOfParallelism = 4 }, (i, loop) =>
        {
            if (failures.Count > 10)
            {
                loop.Stop();
                return;
            }

            using var process = Process.Start(new ProcessStartInfo(NativeRuntime.Executable, ["--root", bundle.States, "run", $"{bundle.Id}-{i}"])
            {
                WorkingDirectory = bundle.Folder,
                RedirectStandardInput = true,
                RedirectStandardError = true,
            })!;
            process.StandardInput.Close();
            if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
            {
                failures.Add($"{i} hangs");
                process.Kill(entireProcessTree: true);
            }
            else if (process.ExitCode != 0)
            {
                failures.Add($"{i}: {process.ExitCode} {process.StandardError.ReadToEnd()}");
            }
        });

        Assert.Empty(failures);
        Assert.Empty(Directory.GetDirectories(bundle.States));
        Assert.Empty(Leftovers.Processes(bundle.Id));
        Assert.Empty(Leftovers.Cgroups(bundle.Id));
        Assert.Empty(Leftovers.Mounts(bundle.Folder));
    }
}

/// <summary>What a start could leave on the host.</summary>
internal static class Leftovers
{
    /// <summary>Mounts below a folder.</summary>
    public static IEnumerable<string> Mounts(string folder) =>
        File.ReadAllLines("/proc/self/mountinfo").Where(line => line.Contains(folder, StringComparison.Ordinal));

    /// <summary>Processes, dead ones included, whose command line or parent is ours.</summary>
    public static List<string> Processes(string id)
    {
        var found = new List<string>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid))
                continue;
            try
            {
                var zombie = ProcessStat.TryRead(pid, out var stat) && stat.State == 'Z' && stat.Ppid == Environment.ProcessId;
                if (zombie || File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(id, StringComparison.Ordinal))
                    found.Add($"{pid} {stat.Comm} {stat.State}");
            }
            catch (IOException)
            {
                // Ended meanwhile.
            }
        }

        return found;
    }

    public static IEnumerable<string> Cgroups(string id) =>
        Directory.GetDirectories("/sys/fs/cgroup").SelectMany(hierarchy => Directory.Exists(hierarchy + "/hafen") ? Directory.GetDirectories(hierarchy + "/hafen") : [])
            .Where(cgroup => cgroup.Contains(id, StringComparison.Ordinal));
}
