using System.Diagnostics;

namespace Hafen.Linux.Tests.UserModeLinux;

/// <summary>What must hold on a pure cgroup v2, in a second kernel that has nothing else.</summary>
public sealed class UnifiedTests
{
    [Fact]
    public void The_cgroup_tests_pass()
    {
        (int code, string output) = RunInGuest("cgroups", Path.Combine(AppContext.BaseDirectory, "Hafen.Linux.Tests"));
        Assert.True(code == 0, output);
        Assert.Contains("Failed: 0", output);
    }

    [Fact]
    public void A_container_lives_within_its_limits()
    {
        string? folder = Environment.GetEnvironmentVariable("HAFEN_BIN");
        if (folder is null)
            Assert.Skip("HAFEN_BIN names no folder of native executables");
        (int code, string output) = RunInGuest("container", Path.Combine(folder, "hafen-runtime"));
        Assert.True(code == 0, output);
        Assert.Contains("all checks passed", output);
    }

    private static (int Code, string Output) RunInGuest(string script, string argument)
    {
        if (!File.Exists("/usr/bin/linux.uml"))
            Assert.Skip("the package user-mode-linux is not installed");
        string folder = Path.Combine(Root(), "tests/UserModeLinux");
        var start = new ProcessStartInfo(Path.Combine(folder, "run"), ["-m", "2G", "-t", "180", Path.Combine(folder, script), argument])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process run = Process.Start(start)!;
        Task<string> errors = run.StandardError.ReadToEndAsync();
        string output = run.StandardOutput.ReadToEnd();
        run.WaitForExit();
        return (run.ExitCode, output + errors.Result);
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
