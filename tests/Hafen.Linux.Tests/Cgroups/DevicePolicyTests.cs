using Hafen.Linux.Cgroups;
using Hafen.Oci.Runtime;

namespace Hafen.Linux.Tests.Cgroups;

public sealed class DevicePolicyTests
{
    [Fact]
    public void Docker_defaults_come_down_to_a_list()
    {
        var policy = DevicePolicy.ForContainer(DevicePolicy.DockerDefaults);
        Assert.False(policy.AllowsByDefault);
        Assert.True(policy.Allows('c', 1, 3, DeviceAccess.All));
        Assert.True(policy.Allows('c', 136, 7, DeviceAccess.Read));
        Assert.True(policy.Allows('b', 8, 0, DeviceAccess.Mknod));
        Assert.False(policy.Allows('b', 8, 0, DeviceAccess.Read));
        Assert.False(policy.Allows('c', 10, 229, DeviceAccess.Read));
        List<(string File, string Text)> writes = [.. policy.LegacyWrites(null)];
        Assert.Equal(("devices.deny", "a"), writes[0]);
        Assert.Contains(("devices.allow", "c 136:* rwm"), writes);
        Assert.Contains(("devices.allow", "b *:* m"), writes);
    }

    [Fact]
    public void No_rules_deny_all_but_the_default_devices() =>
        Assert.False(DevicePolicy.ForContainer(null).Allows('b', 8, 0, DeviceAccess.Write));

    [Fact]
    public void Privileged_allows_all()
    {
        var policy = DevicePolicy.ForContainer([new SpecDeviceRule { Allow = true, Access = "rwm" }]);
        Assert.True(policy.AllowsByDefault);
        Assert.Empty(policy.Exceptions);
    }

    [Fact]
    public void A_hole_in_a_group_is_refused()
    {
        var error = Assert.Throws<CgroupException>(() => DevicePolicy.FromRules(
            [new() { Allow = true, Type = "c", Major = 4, Access = "rw" }, new() { Allow = false, Type = "c", Major = 4, Minor = 1, Access = "w" }]));
        Assert.Contains("c 4:1 w", error.Message);
    }

    [Fact]
    public void A_wider_denial_takes_narrower_exceptions_with_it()
    {
        var policy = DevicePolicy.FromRules(
            [new() { Allow = true, Type = "c", Major = 4, Minor = 1, Access = "rw" }, new() { Allow = false, Type = "c", Major = 4, Access = "w" }]);
        Assert.True(policy.Allows('c', 4, 1, DeviceAccess.Read));
        Assert.False(policy.Allows('c', 4, 1, DeviceAccess.Write));
    }

    [Fact]
    public void A_change_never_takes_away_what_stays()
    {
        var present = DevicePolicy.FromList("c 1:3 rwm\nc 1:5 rw\nb 8:0 r");
        var wanted = DevicePolicy.FromRules([Rule("c", 1, 3, "rwm"), Rule("c", 1, 5, "rm"), Rule("c", 5, 0, "rw")]);
        Assert.Equal(
            [("devices.allow", "c 1:5 m"), ("devices.allow", "c 5:0 rw"), ("devices.deny", "c 1:5 w"), ("devices.deny", "b 8:0 r")],
            wanted.LegacyWrites(present));
    }

    [Theory]
    [InlineData("x", 1L, "rwm")]
    [InlineData("c", 1L, "rwx")]
    [InlineData("c", 1L << 40, "rwm")]
    public void Malformed_rules_are_refused(string type, long major, string access) =>
        Assert.Throws<CgroupException>(() => DevicePolicy.FromRules([new() { Allow = true, Type = type, Major = major, Access = access }]));

    /// <summary>The program decides for every device and access as the policy does, in both directions.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Program_decides_like_the_policy(bool allowsByDefault)
    {
        SpecDeviceRule[] rules =
        [
            new() { Allow = allowsByDefault }, Rule("c", null, null, "m", !allowsByDefault), Rule("c", 1, 3, "rwm", !allowsByDefault),
            Rule("c", 5, 1, "r", !allowsByDefault), Rule("b", 8, null, "rw", !allowsByDefault), Rule("c", 136, null, "w", !allowsByDefault),
        ];
        var policy = DevicePolicy.FromRules(rules);
        ulong[] program = DeviceProgram.Assemble(policy);
        foreach (char type in "cb")
        {
            foreach (uint major in new uint[] { 0, 1, 5, 8, 136 })
            {
                foreach (uint minor in new uint[] { 0, 1, 3, 9 })
                {
                    for (int access = 1; access <= 7; access++)
                    {
                        bool expected = policy.Allows(type, major, minor, (DeviceAccess)access);
                        // A list of single entries: a request that needs two of them is denied, as the kernel's own v1 check does.
                        Assert.Equal(expected, BpfMachine.Run(program, (uint)(type == 'b' ? 1 : 2) | (uint)access << 16, major, minor) == 1);
                    }
                }
            }
        }
    }

    private static SpecDeviceRule Rule(string type, long? major, long? minor, string access, bool allow = true) =>
        new() { Allow = allow, Type = type, Major = major, Minor = minor, Access = access };
}
