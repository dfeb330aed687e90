using System.Runtime.InteropServices;
using Hafen.Linux.Capabilities;
using Hafen.Oci.Runtime;

namespace Hafen.Linux.Tests.Capabilities;

public sealed class CapabilitySetsTests
{
    [Theory]
    [InlineData("CAP_CHOWN", 0)]
    [InlineData("CAP_SETPCAP", 8)]
    [InlineData("CAP_SYS_ADMIN", 21)]
    [InlineData("CAP_SETFCAP", 31)]
    [InlineData("CAP_SYSLOG", 34)]
    [InlineData("CAP_CHECKPOINT_RESTORE", 40)]
    public void Numbers_are_the_kernels(string name, int number)
    {
        Assert.Equal(number, CapabilityNames.Number(name));
        Assert.Equal(name, CapabilityNames.Name(number));
    }

    [Fact]
    public void Docker_default_mask_is_the_known_one()
    {
        var spec = new SpecCapabilities { Bounding = [.. ContainerCapabilities.Default] };
        var sets = CapabilitySets.From(spec, 40, out var ignored);
        Assert.Equal(0xa80425fbUL, sets.Bounding); // what /proc/1/status shows in a Docker container
        Assert.Equal(0UL, sets.Effective);
        Assert.Empty(ignored);
    }

    [Fact]
    public void Unknown_names_are_left_out_and_told()
    {
        var spec = new SpecCapabilities { Effective = ["CAP_CHOWN", "CAP_NEXT_YEAR", "CAP_BPF"], Permitted = ["CAP_NEXT_YEAR"] };
        var sets = CapabilitySets.From(spec, 37, out var ignored);
        Assert.Equal(1UL, sets.Effective);
        Assert.Equal(["CAP_NEXT_YEAR", "CAP_BPF"], ignored);
    }

    [Fact]
    public void Capset_data_is_split_into_halves()
    {
        var sets = new CapabilitySets { Effective = 1UL << 40 | 2, Permitted = 1UL << 33, Inheritable = 4 };
        var data = sets.ToData();
        Assert.Equal((2u, 0u, 4u, 256u, 2u, 0u),
            (data.Effective0, data.Permitted0, data.Inheritable0, data.Effective1, data.Permitted1, data.Inheritable1));
        Assert.Equal(24, Marshal.SizeOf<CapabilityData>());
        Assert.Equal(8, Marshal.SizeOf<CapabilityHeader>());
    }

    [Fact]
    public void This_process_has_what_its_status_says()
    {
        string line = File.ReadLines("/proc/self/status").Single(text => text.StartsWith("CapBnd", StringComparison.Ordinal));
        ulong expected = Convert.ToUInt64(line.Split('\t')[1], 16);
        Assert.Equal(expected & CapabilitySets.MaskUpTo(AvailableCapabilities.Last()), AvailableCapabilities.BoundingMask());
        Assert.Equal(int.Parse(File.ReadAllText("/proc/sys/kernel/cap_last_cap")), AvailableCapabilities.Last());
    }
}
