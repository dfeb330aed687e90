using Hafen.Cli.CommandLine;
using Hafen.Cli.Commands.Images;
using Hafen.Linux.FileSystem;

namespace Hafen.Cli.Tests.Commands;

public sealed class SaveTargetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hafen-save-").FullName;

    private string Target => Path.Combine(_folder, "target");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_is_made_or_replaced_whole()
    {
        SaveTarget.Write(new MemoryStream([1, 2, 3]), Target);
        SaveTarget.Write(new MemoryStream([4]), Target);
        Assert.Equal([4], File.ReadAllBytes(Target));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Target));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void An_interrupted_save_leaves_the_earlier_file_alone()
    {
        File.WriteAllText(Target, "earlier");
        Assert.Throws<IOException>(() => SaveTarget.Write(new BrokenStream(), Target));
        Assert.Equal("earlier", File.ReadAllText(Target));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_pipe_is_written_to_and_stays_a_pipe()
    {
        Files.MakeFifo(Target, 0x180);
        byte[]? received = null;
        var reader = new Thread(() => received = File.ReadAllBytes(Target));
        reader.Start();
        SaveTarget.Write(new MemoryStream([1, 2, 3]), Target);
        reader.Join();
        Assert.Equal([1, 2, 3], received);
        Assert.True(FileStatus.TryGet(Target, followLinks: false, out var status, out _) && status.Type == statx_t.S_IFIFO);
    }

    [Fact]
    public void A_link_to_a_device_leaves_link_and_device_alone()
    {
        File.CreateSymbolicLink(Target, "/dev/null");
        SaveTarget.Write(new MemoryStream(new byte[1 << 20]), Target);
        Assert.True(FileStatus.TryGet(Target, followLinks: false, out var link, out _) && link.Type == statx_t.S_IFLNK);
        Assert.True(FileStatus.TryGet("/dev/null", followLinks: false, out var device, out _) && device.Type == statx_t.S_IFCHR);
    }

    [Fact]
    public void A_link_to_a_file_is_followed()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "a long earlier text");
        File.CreateSymbolicLink(Target, file);
        SaveTarget.Write(new MemoryStream([1]), Target);
        Assert.Equal([1], File.ReadAllBytes(file));
    }

    [Fact]
    public void Bad_paths_are_refused_first()
    {
        Assert.Throws<CommandException>(() => SaveTarget.Check(_folder));
        Assert.Throws<CommandException>(() => SaveTarget.Check(Path.Combine(_folder, "missing", "x")));
        SaveTarget.Check(Target);
    }

    private sealed class BrokenStream : MemoryStream
    {
        private bool _given;

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_given)
                throw new IOException("cut off");
            _given = true;
            return 1;
        }

        public override int Read(Span<byte> buffer)
        {
            if (_given)
                throw new IOException("cut off");
            _given = true;
            return 1;
        }
    }
}
