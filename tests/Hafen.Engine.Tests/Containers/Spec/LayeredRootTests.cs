using System.Diagnostics;
using System.Text;
using Hafen.Engine.Containers.Spec;

namespace Hafen.Engine.Tests.Containers.Spec;

public sealed class LayeredRootTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("hafen-layers-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_topmost_file_is_seen()
    {
        Write("upper/etc/passwd", "upper");
        Write("lower/etc/passwd", "lower");
        Write("lower/etc/group", "group");
        Assert.Equal("upper", Read("/etc/passwd"));
        Assert.Equal("group", Read("/etc/group"));
        Assert.Null(Read("/etc/shadow"));
    }

    [Fact]
    public void Links_stay_inside_and_cross_layers()
    {
        Write("lower/usr/share/passwd", "shared");
        Directory.CreateDirectory(At("upper/etc"));
        File.CreateSymbolicLink(At("upper/etc/passwd"), "../../../../usr/share/passwd");
        File.CreateSymbolicLink(At("upper/etc/group"), "/usr/share/passwd");
        Assert.Equal("shared", Read("/etc/passwd"));
        Assert.Equal("shared", Read("/etc/group"));
    }

    [Fact]
    public void A_link_to_the_hosts_file_does_not_reach_it()
    {
        Directory.CreateDirectory(At("upper/etc"));
        File.CreateSymbolicLink(At("upper/etc/passwd"), "/etc/hostname-of-the-host");
        Assert.Null(Read("/etc/passwd"));
    }

    [Fact]
    public void Circles_pipes_and_giants_are_refused()
    {
        Directory.CreateDirectory(At("upper/etc"));
        File.CreateSymbolicLink(At("upper/etc/passwd"), "group");
        File.CreateSymbolicLink(At("upper/etc/group"), "passwd");
        Run("mkfifo", At("upper/etc/fifo"));
        Write("upper/etc/big", new string('x', 100));
        var root = new LayeredRoot([At("upper")]);
        Assert.Throws<InvalidDataException>(() => root.TryRead("/etc/passwd", 10));
        Assert.Throws<InvalidDataException>(() => root.TryRead("/etc/fifo", 10));
        Assert.Throws<InvalidDataException>(() => root.TryRead("/etc/big", 99));
    }

    [Fact]
    public void Whiteouts_and_opaque_folders_hide_what_is_below()
    {
        Write("lower/etc/passwd", "lower");
        Write("lower/home/file", "lower");
        Directory.CreateDirectory(At("upper/etc"));
        Run("mknod", At("upper/etc/passwd"), "c", "0", "0");
        Directory.CreateDirectory(At("upper/home"));
        Run("setfattr", "-n", "trusted.overlay.opaque", "-v", "y", At("upper/home"));
        Assert.Null(Read("/etc/passwd"));
        Assert.Null(Read("/home/file"));
    }

    private string At(string path) => Path.Combine(_root, path);

    private string? Read(string path)
    {
        byte[]? content = new LayeredRoot([At("upper"), At("lower")]).TryRead(path, 1 << 20);
        return content is null ? null : Encoding.UTF8.GetString(content);
    }

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), content);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
