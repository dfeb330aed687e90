using Hafen.SecondKernel;
using Hafen.TimeLimits;

namespace Hafen.Linux.Tests.SecondKernel;

/// <summary>The second kernel itself: what it has, and how it fails.</summary>
[Limit(600)]
public sealed class GuestTests
{
    [Fact]
    public void It_has_what_this_machine_may_lack()
    {
        (int code, string output) = Guest.Run(TimeSpan.FromMinutes(4), "facilities");
        Assert.True(code == 0, output);
        Assert.Contains("all checks passed", output);
    }

    [Fact]
    public void A_guest_that_cannot_boot_is_a_failure_with_its_console()
    {
        (int code, string output) = Guest.RunAlone("-t", "60", "-k", "rdinit=/nonexistent", "/bin/true");
        Assert.Equal(125, code);
        Assert.Contains("Kernel panic - not syncing: VFS: Unable to mount root fs", output);
        Assert.Contains("the guest ended without a result", output);
    }

    [Fact]
    public void A_script_that_hangs_is_ended_at_its_limit_with_its_output()
    {
        (int code, string output) = Guest.Run(TimeSpan.FromSeconds(40), "/bin/sh", "-c", "echo begun; sleep 1000 & exec sleep 1000");
        Assert.Equal((137, "begun\n"), (code, output));
    }
}
