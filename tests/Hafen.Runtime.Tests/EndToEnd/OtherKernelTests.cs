namespace Hafen.Runtime.Tests.EndToEnd;

/// <summary>All of this folder once more in a second kernel: cgroup v2 alone, and Linux 6.1, which takes no overlay layers one by one.</summary>
public class OtherKernelTests
{
    [Fact]
    public void The_runtime_works_on_cgroup_v2_and_an_older_kernel()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("HAFEN_IN_GUEST") is not null, "this is the second kernel");
        Assert.SkipUnless(File.Exists("/usr/bin/linux.uml"), "the package user-mode-linux is not installed");
        var folder = Path.Combine(Repository(), "tests/UserModeLinux");
        var outcome = NativeRuntime.StartPatiently(TimeSpan.FromMinutes(10), Path.Combine(folder, "run"), folder, null, "-m", "3G", "-t", "580",
            Path.Combine(folder, "runtime"), Path.Combine(AppContext.BaseDirectory, "Hafen.Runtime.Tests"), NativeRuntime.Executable);
        Assert.True(outcome.Code == 0, outcome.Output + outcome.Error);
        Assert.Contains("Failed: 0", outcome.Output, StringComparison.Ordinal);
    }

    private static string Repository()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Hafen.slnx")))
                return folder;
        }

        throw new InvalidOperationException("the tests run outside their repository");
    }
}
