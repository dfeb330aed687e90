using Hafen.Linux.FileSystem;
using Hafen.Linux;
using Hafen.Linux.Trees;
using Hafen.Linux.Xattrs;

namespace Hafen.Snapshots.Tests.Trees;

public sealed class TreeCallsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _directory;

    public TreeCallsTests() => _directory = TreeCalls.Check(TreeCalls.Open(OpenFlags.AT_FDCWD, _folder.Path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY), "open");

    public void Dispose()
    {
        _ = TreeCalls.Close(_directory);
        _folder.Dispose();
    }

    [Theory]
    [InlineData("echo content > x; chmod 6751 x; chown 12:34 x; ln x y; touch -d @1000000000.123456789 x")]
    [InlineData("mkdir x; touch -d @-1.5 x")]
    [InlineData("ln -s target x; chown -h 70000:4000000000 x")]
    [InlineData("mknod x b 8 17")]
    [InlineData("truncate -s 5G x")]
    public void Stat_tells_what_the_program_stat_tells(string script)
    {
        Shell.Script(script, _folder.Path);
        Assert.Equal(0, TreeCalls.Stat(_directory, "x", out var stat));
        string expected = Shell.Run("stat", "-c", "%f %u %g %h %i %s %b %t %T %.9Y", $"{_folder.Path}/x").Trim();
        // stat prints times before 1970 as a magnitude with a sign; the kernel counts nanoseconds forward.
        string time = stat.Modified.Seconds >= 0 ? $"{stat.Modified.Seconds}.{stat.Modified.Nanoseconds:d9}" : "-1.500000000";
        Assert.Equal(
            expected,
            $"{stat.Mode:x} {stat.Uid} {stat.Gid} {stat.Links} {stat.Inode} {stat.Size} {stat.Blocks} {stat.DeviceMajor:x} {stat.DeviceMinor:x} {time}");
    }

    [Theory]
    [InlineData(1u, 3u)]
    [InlineData(259u, 70_000u)]
    [InlineData(4095u, 1_048_575u)]
    public void Device_numbers_survive(uint major, uint minor)
    {
        Assert.Equal(0, TreeCalls.MakeNode(_directory, "x", FileType.S_IFCHR | 0x180, major, minor));
        Assert.Equal(0, TreeCalls.Stat(_directory, "x", out var stat));
        Assert.Equal((major, minor), (stat.DeviceMajor, stat.DeviceMinor));
    }

    [Fact]
    public void Names_are_bytes()
    {
        string name = BytePath.FromText("gr\u00fc\u00dfe") + "\u00ff";
        Assert.Equal(0, TreeCalls.MakeDirectory(_directory, name, 0x1C0));
        Assert.Equal(name, Assert.Single(DirectoryEntries.Read(_directory)).Name);
        Assert.Equal("gr\u00fc\u00dfe\ufffd", BytePath.ToText(name));
    }

    [Fact]
    public void Errors_are_the_kernels()
    {
        Assert.Equal(-Errno.ENOENT, TreeCalls.Stat(_directory, "absent", out _));
        Assert.Equal(-Errno.ENAMETOOLONG, TreeCalls.Unlink(_directory, new string('x', 5000)));
        Assert.Equal(-Errno.ENAMETOOLONG, TreeCalls.Unlink(_directory, new string('x', 300)));
        Assert.Equal(0, TreeCalls.MakeLink(_directory, "out", "/etc"));
        Assert.Equal(-18, TreeCalls.OpenBeneath(_directory, "out/passwd", OpenFlags.O_PATH, OpenFlags.RESOLVE_BENEATH));
        Assert.Equal(-Errno.ENOENT, TreeCalls.OpenBeneath(_directory, "out/passwd", OpenFlags.O_PATH, OpenFlags.RESOLVE_IN_ROOT));
    }

    [Fact]
    public void Attributes_of_an_open_file_are_those_of_its_name()
    {
        Shell.Script("touch x none; setfattr -n user.one -v text x; setfattr -n user.empty x", _folder.Path);
        int file = TreeCalls.Check(TreeCalls.Open(_directory, "x", OpenFlags.O_RDONLY), "open");
        int none = TreeCalls.Check(TreeCalls.Open(_directory, "none", OpenFlags.O_RDONLY), "open");
        try
        {
            Assert.Equal(Xattr.List(_directory, "x"), Xattr.List(file));
            Assert.Equal(["user.empty", "user.one"], Xattr.List(file).Where(name => name.StartsWith("user.", StringComparison.Ordinal)).Order());
            Assert.Equal("text"u8.ToArray(), Xattr.Get(file, "user.one"));
            Assert.Equal([], Xattr.Get(file, "user.empty")!);
            Assert.Null(Xattr.Get(file, "user.absent"));
            Assert.DoesNotContain(Xattr.List(none), name => name.StartsWith("user.", StringComparison.Ordinal));
        }
        finally
        {
            _ = TreeCalls.Close(file);
            _ = TreeCalls.Close(none);
        }
    }

    [Fact]
    public void A_file_is_replaced_as_a_whole()
    {
        string path = $"{_folder.Path}/file";
        AtomicFile.Write(path, "old"u8);
        AtomicFile.Write(path, "new content"u8);
        Assert.Equal("new content", File.ReadAllText(path));
        Assert.Equal("600", Shell.Run("stat", "-c", "%a", path).Trim());
        Directory.CreateDirectory($"{_folder.Path}/taken/sub");
        Assert.Throws<LinuxException>(() => AtomicFile.Write($"{_folder.Path}/taken", "x"u8));
        Assert.Equal("file taken", Shell.Run("ls", "-A", _folder.Path).Trim().Replace('\n', ' '));
    }
}
