using System.Diagnostics;

namespace Hafen.Linux.Tests.UserModeLinux;

/// <summary>The cgroup tests once more, in a second kernel that has cgroup v2 and nothing else.</summary>
public sealed class UnifiedCgroupTests
{
    [Fact]
    public void Cgroup_tests_pass_on_a_pure_cgroup_v2()
    {
        if (!File.Exists("/usr/bin/linux.uml"))
            Assert.Skip("the package user-mode-linux is not installed");
        string folder = Path.Combine(Root(), "tests/UserModeLinux");
        string tests = Path.Combine(AppContext.BaseDirectory, "Hafen.Linux.Tests");
        using Process run = Process.Start(new ProcessStartInfo(
            Path.Combine(folder, "run"), ["-m", "2G", "-t", "180", Path.Combine(folder, "cgroups"), tests])
        {
            RedirectStandardOutput = true,
        })!;
        string output = run.StandardOutput.ReadToEnd();
        run.WaitForExit();
        Assert.True(run.ExitCode == 0, output);
        Assert.Contains("Failed: 0", output);
    }

    private static string Root()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Hafen.slnx")))
                return folder;
        }

        throw new InvalidOperationException("the tests run outside their repository");
    }
}
