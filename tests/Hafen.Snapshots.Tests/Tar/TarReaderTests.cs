using System.Text;
using Hafen.Linux.Trees;
using Hafen.Snapshots.Layers;
using Hafen.Snapshots.Pipelines;
using Hafen.Snapshots.Tar;

namespace Hafen.Snapshots.Tests.Tar;

public sealed class TarReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("v7")]
    [InlineData("oldgnu")]
    [InlineData("gnu")]
    [InlineData("ustar")]
    [InlineData("posix")]
    public void Every_format_of_GNU_tar_is_read(string format)
    {
        string longName = format is "gnu" or "oldgnu" or "posix" ? new string('n', 150) : "short";
        Shell.Script(
            $"""
            mkdir -p tree/d1/d2; echo content > tree/d1/d2/{longName}; ln -s d1/d2/{longName} tree/link; ln tree/d1/d2/{longName} tree/hard
            chmod 4711 tree/d1/d2/{longName}; touch -d @1234567890 tree/d1/d2/{longName}
            tar --format={format} --sort=name -C tree -cf a.tar .
            """,
            _folder.Path);
        var entries = Read(File.ReadAllBytes(Path.Combine(_folder.Path, "a.tar")));
        var file = Assert.Single(entries, e => e.Entry.Type == TarType.File);
        Assert.Equal($"./d1/d2/{longName}", file.Entry.Name);
        Assert.Equal("content\n", file.Content);
        Assert.Equal(0x9C9u, file.Entry.Permissions);
        Assert.Equal(1234567890, file.Entry.Modified.Seconds);
        Assert.Equal($"./d1/d2/{longName}", Assert.Single(entries, e => e.Entry.Type == TarType.HardLink).Entry.LinkName);
        Assert.Equal($"d1/d2/{longName}", Assert.Single(entries, e => e.Entry.Type == TarType.SymbolicLink).Entry.LinkName);
        Assert.Equal(3, entries.Count(e => e.Entry.Type == TarType.Directory));
    }

    [Theory]
    [InlineData("--format=gnu --sparse")]
    [InlineData("--format=posix --sparse --sparse-version=0.0")]
    [InlineData("--format=posix --sparse --sparse-version=0.1")]
    [InlineData("--format=posix --sparse --sparse-version=1.0")]
    public void Sparse_files_are_read(string options)
    {
        // More pieces than fit into one header or one block of the map.
        Shell.Script(
            $"""
            truncate -s 3M f
            for i in $(seq 0 40); do echo piece$i | dd of=f bs=1 seek=$((i * 65536)) conv=notrunc 2>/dev/null; done
            tar {options} -cf a.tar f
            """,
            _folder.Path);
        var (entry, content) = Assert.Single(Read(File.ReadAllBytes(Path.Combine(_folder.Path, "a.tar"))));
        Assert.Equal("f", entry.Name);
        Assert.Equal(3 << 20, entry.Size);
        Assert.NotNull(entry.Sparse);
        Assert.True(entry.Sparse.Count >= 41);
        Assert.Equal(entry.Sparse.Sum(p => p.Length), content.Length);
        Assert.Contains("piece40", content, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_and_numbers_beyond_octal_are_read()
    {
        byte[] archive = new TarBuilder()
            .File("old", mtime: -2)
            .Pax(("mtime", "-1.5"), ("atime", "12.000000001"), ("uid", "4000000000")).File("pax")
            .Build();
        var entries = Read(archive);
        Assert.Equal(-2, entries[0].Entry.Modified.Seconds);
        Assert.Equal(new FileTime(-2, 500_000_000), entries[1].Entry.Modified);
        Assert.Equal(new FileTime(12, 1), entries[1].Entry.Accessed);
        Assert.Equal(4_000_000_000u, entries[1].Entry.Uid);
    }

    [Fact]
    public void Global_headers_and_stray_bytes_behind_the_end_are_passed_over()
    {
        byte[] archive = [.. new TarBuilder().Entry("g", 'g', Encoding.ASCII.GetBytes("20 comment=01234567\n")).File("a", "x").Build(), .. new byte[5000]];
        Assert.Equal("a", Assert.Single(Read(archive)).Entry.Name);
    }

    [Fact]
    public void Names_that_are_not_UTF8_keep_their_bytes()
        => Assert.Equal("caf\u00e9\u00ff", Assert.Single(Read(new TarBuilder().File("caf\u00e9\u00ff").Build())).Entry.Name);

    public static TheoryData<string, byte[]> Broken => new()
    {
        { "unexpected EOF", new TarBuilder().File("a", new string('x', 600)).Build(end: false)[..^512] },
        { "unexpected EOF", new TarBuilder().File("a").Build(end: false)[..100] },
        { "invalid tar header", Enumerable.Repeat((byte)'x', 1024).ToArray() },
        { "invalid tar header", [.. new byte[512], .. Enumerable.Repeat((byte)1, 512)] },
        { "malformed PAX record", new TarBuilder().Entry("p", 'x', "99 a=b\n"u8.ToArray()).File("a").Build() },
        { "malformed PAX record", new TarBuilder().Pax(("path", "a\0b")).File("a").Build() },
        { "malformed PAX record", new TarBuilder().Pax(("GNU.sparse.realsize", "1"), ("GNU.sparse.map", "0,1"), ("GNU.sparse.name", "..\0")).File("a", "x").Build() },
        { "malformed PAX record", new TarBuilder().Pax(("SCHILY.xattr.user.a\0b", "c")).File("a").Build() },
        { "malformed PAX number", new TarBuilder().Pax(("size", "many")).File("a").Build() },
        { "negative size", new TarBuilder().Pax(("size", "-1")).File("a").Build() },
        { "sparse map", new TarBuilder().Pax(("GNU.sparse.realsize", "10"), ("GNU.sparse.map", "0,5,3,5")).File("a", "0123456789").Build() },
        { "sparse map", new TarBuilder().Pax(("GNU.sparse.realsize", "10"), ("GNU.sparse.map", "0,50")).File("a", "0123456789").Build() },
        { "sparse map", new TarBuilder().Pax(("GNU.sparse.major", "1"), ("GNU.sparse.realsize", "10")).File("a", new string('x', 512)).Build() },
        { "unhandled tar header type", new TarBuilder().Entry("v", 'V', []).Build() },
        { "extended header is too long", new TarBuilder().Entry("L", 'L', new byte[2 << 20]).Build() },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Broken_archives_are_refused(string reason, byte[] archive)
        => Assert.Contains(reason, Assert.Throws<LayerException>(() => Read(archive)).Message, StringComparison.Ordinal);

    private static List<(TarEntry Entry, string Content)> Read(byte[] archive)
    {
        using BlockPool pool = new();
        BlockQueue queue = new(pool, archive.Length + 1);
        // Pieces of odd sizes, so that headers and data straddle blocks.
        for (int at = 0, size = 1; at < archive.Length; at += size, size = (size * 3 % 1000) + 1)
        {
            var block = pool.Rent();
            block.Length = Math.Min(size, archive.Length - at);
            archive.AsSpan(at, block.Length).CopyTo(block.GetSpan());
            queue.Add(block);
        }

        queue.Complete();
        using BlockInput input = new(queue);
        TarReader tar = new(input);
        List<(TarEntry, string)> entries = [];
        while (tar.Next() is { } entry)
            entries.Add((entry, Encoding.Latin1.GetString(tar.ReadData(16 << 20))));
        tar.ReadTrailer();
        Assert.Equal(archive.Length, input.Consumed);
        return entries;
    }
}
