using System.Collections.Concurrent;
using System.Diagnostics;
using Hafen.Linux.Procfs;

namespace Hafen.Runtime.Tests.EndToEnd;

/// <summary>
/// The proof for the raw clone (architecture, rule 1): many starts without one that hangs, and nothing left behind. HAFEN_STRESS_STARTS sets their
/// number: 10,000 say more than those of every day.
/// </summary>
public class StressTests
{
    [Fact]
    public void Many_starts_leave_nothing()
    {
        _ = NativeRuntime.Executable;
        int starts = int.TryParse(Environment.GetEnvironmentVariable("HAFEN_STRESS_STARTS"), out int number) ? number : 1_000;
        using var bundle = new Bundle();
        bundle.Spec = bundle.Spec with { Mounts = [.. bundle.Spec.Mounts!.Where(mount => mount.Destination is "/proc" or "/dev")] };
        bundle.Spec = bundle.Spec with { Root = bundle.Spec.Root! with { Path = bundle.Root } };
        var failures = new ConcurrentBag<string>();
        int workers = 0;

        // Each start makes its cgroup and removes it, so each that goes on beside others has a file and a cgroup of its own.
        string Worker()
        {
            int number = Interlocked.Increment(ref workers);
            var linux = bundle.Linux with { CgroupsPath = $"{bundle.Linux.CgroupsPath}-{number}" };
            return Bundle.Save(Path.Combine(bundle.Folder, $"worker-{number}"), bundle.Spec with { Linux = linux });
        }

        Parallel.For(0, starts, new ParallelOptions { MaxDegreeOfParallelism = 4 }, Worker, (i, loop, folder) =>
        {
            if (failures.Count > 10)
            {
                loop.Stop();
                return folder;
            }

            using var process = Process.Start(new ProcessStartInfo(NativeRuntime.Executable, ["--root", bundle.States, "run", $"{bundle.Id}-{i}"])
            {
                WorkingDirectory = folder,
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

            return folder;
        }, _ => { });

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
        foreach (string folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out int pid))
                continue;
            try
            {
                bool zombie = ProcessStat.TryRead(pid, out var stat) && stat.State == 'Z' && stat.Ppid == Environment.ProcessId;
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
        Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup").Select(hierarchy => Path.Combine(hierarchy, CgroupParents.Name)).Where(Directory.Exists)
            .SelectMany(Directory.GetDirectories).Where(cgroup => cgroup.Contains(id, StringComparison.Ordinal));
}
