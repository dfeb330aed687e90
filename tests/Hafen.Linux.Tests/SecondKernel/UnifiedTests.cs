using Hafen.SecondKernel;
using Hafen.TimeLimits;

namespace Hafen.Linux.Tests.SecondKernel;

/// <summary>What must hold on a pure cgroup v2, in a second kernel that has nothing else.</summary>
[Limit(600)]
public sealed class UnifiedTests
{
    [Fact]
    public void The_cgroup_tests_pass()
    {
        (int code, string output) = Guest.Run(TimeSpan.FromMinutes(4), "cgroups", Path.Combine(AppContext.BaseDirectory, "Hafen.Linux.Tests"));
        Assert.True(code == 0, output);
        Assert.Contains("Failed: 0", output);
    }

    [Fact]
    public void A_container_lives_within_its_limits()
    {
        string? folder = Environment.GetEnvironmentVariable("HAFEN_BIN");
        if (folder is null)
            Assert.Skip("HAFEN_BIN names no folder of native executables");
        (int code, string output) = Guest.Run(TimeSpan.FromMinutes(4), "container", Path.Combine(folder, "hafen-runtime"));
        Assert.True(code == 0, output);
        Assert.Contains("all checks passed", output);
    }
}
