using Hafen.Linux.Mounts;
using Hafen.Runtime.Rootfs;

namespace Hafen.Runtime.Tests.Rootfs;

public class MountOptionsTests
{
    [Theory]
    [InlineData("ro", mount_attr.MOUNT_ATTR_RDONLY, 0)]
    [InlineData("rw", 0, mount_attr.MOUNT_ATTR_RDONLY)]
    [InlineData("nosuid", mount_attr.MOUNT_ATTR_NOSUID, 0)]
    [InlineData("suid", 0, mount_attr.MOUNT_ATTR_NOSUID)]
    [InlineData("nodev", mount_attr.MOUNT_ATTR_NODEV, 0)]
    [InlineData("noexec", mount_attr.MOUNT_ATTR_NOEXEC, 0)]
    [InlineData("nodiratime", mount_attr.MOUNT_ATTR_NODIRATIME, 0)]
    [InlineData("nosymfollow", mount_attr.MOUNT_ATTR_NOSYMFOLLOW, 0)]
    [InlineData("noatime", mount_attr.MOUNT_ATTR_NOATIME, mount_attr.MOUNT_ATTR__ATIME)]
    [InlineData("strictatime", mount_attr.MOUNT_ATTR_STRICTATIME, mount_attr.MOUNT_ATTR__ATIME)]
    [InlineData("relatime", 0, mount_attr.MOUNT_ATTR__ATIME)]
    public void An_attribute_sets_and_clears_its_bits_and_with_r_those_of_the_tree(string option, ulong set, ulong clear)
    {
        var plain = MountOptions.Parse([option]);
        Assert.Equal((set, clear), (plain.Set, plain.Clear));
        Assert.Equal((0UL, 0UL), (plain.RecursiveSet, plain.RecursiveClear));

        var recursive = MountOptions.Parse(["r" + option]);
        Assert.Equal((set, clear), (recursive.RecursiveSet, recursive.RecursiveClear));
        Assert.Equal((0UL, 0UL), (recursive.Set, recursive.Clear));
        Assert.Empty(plain.Parameters);
    }

    [Theory]
    [InlineData("private", MountFlags.MS_PRIVATE, false)]
    [InlineData("rprivate", MountFlags.MS_PRIVATE, true)]
    [InlineData("slave", MountFlags.MS_SLAVE, false)]
    [InlineData("rslave", MountFlags.MS_SLAVE, true)]
    [InlineData("shared", MountFlags.MS_SHARED, false)]
    [InlineData("rshared", MountFlags.MS_SHARED, true)]
    [InlineData("unbindable", MountFlags.MS_UNBINDABLE, false)]
    [InlineData("runbindable", MountFlags.MS_UNBINDABLE, true)]
    public void Every_propagation_mode_is_known(string option, ulong flag, bool recursive)
    {
        var options = MountOptions.Parse([option]);
        Assert.Equal((flag, recursive), (options.Propagation, options.RecursivePropagation));
    }

    [Fact]
    public void The_last_word_counts()
    {
        Assert.False(MountOptions.Parse(["ro", "rw"]).Readonly);
        Assert.True(MountOptions.Parse(["rw", "ro"]).Readonly);
        Assert.Equal(0UL, MountOptions.Parse(["rw", "ro"]).Clear & mount_attr.MOUNT_ATTR_RDONLY);
        Assert.Equal(mount_attr.MOUNT_ATTR_NOATIME, MountOptions.Parse(["strictatime", "noatime"]).Set);
    }

    [Fact]
    public void What_is_no_mount_option_goes_to_the_file_system()
    {
        var options = MountOptions.Parse(["nosuid", "mode=755", "size=65536k", "newinstance", "sync"]);
        Assert.Equal([("mode", "755"), ("size", "65536k"), ("newinstance", null), ("sync", null)], options.Parameters);
    }

    [Theory]
    [InlineData("remount")]
    [InlineData("idmap")]
    public void What_is_not_done_is_refused(string option) => Assert.Equal(option, MountOptions.Parse(["ro", option]).Refused);

    [Fact]
    public void Bind_and_rbind()
    {
        Assert.True(MountOptions.Parse(["bind"]) is { Bind: true, Recursive: false });
        Assert.True(MountOptions.Parse(["rbind", "rro"]) is { Bind: true, Recursive: true });
    }
}
