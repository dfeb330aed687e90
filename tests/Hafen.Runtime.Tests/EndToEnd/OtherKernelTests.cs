using Hafen.SecondKernel;
using Hafen.TimeLimits;

namespace Hafen.Runtime.Tests.EndToEnd;

/// <summary>All of this folder once more in a second kernel: cgroup v2 alone, and Linux 6.1, which takes no overlay layers one by one.</summary>
public class OtherKernelTests
{
    [Fact, Limit(1000)]
    public void The_runtime_works_on_cgroup_v2_and_an_older_kernel()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("HAFEN_IN_GUEST") is not null, "this is the second kernel");
        var (code, output) = Guest.Run(TimeSpan.FromMinutes(12), "runtime", Path.Combine(AppContext.BaseDirectory, "Hafen.Runtime.Tests"), NativeRuntime.Executable);
        Assert.True(code == 0, output);
        Assert.Contains("Failed: 0", output, StringComparison.Ordinal);
    }
}
