using System.Text;
using Hafen.Snapshots.Layers;
using Hafen.Snapshots.Pipelines;
using Hafen.Snapshots.Tar;
using Hafen.Snapshots.Tests.Tar;

namespace Hafen.Snapshots.Tests.Bounds;

/// <summary>
/// Archives with bytes changed, blocks repeated, left out and swapped. Each is read or refused in words, and what reading it allocates stays in proportion to
/// its bytes: an endless loop or a size that is believed would show.
/// </summary>
[Collection(nameof(MeasuringMemory))]
public sealed class TarFuzzTests
{
    // A header of 512 bytes makes an entry with its texts; an extended header of a megabyte may be announced and not come.
    private const int AllocatedPerByte = 24, AllocatedAnyway = 4 << 20;

    private static readonly byte[][] s_seeds =
    [
        new TarBuilder().Folder("./").Folder("a").File("a/b", "content").Link("l", "a/b").HardLink("h", "a/b").Device("null", '3', 1, 3).File("a/.wh.c").File("a/.wh..wh..opq").Build(),
        new TarBuilder().Pax(("path", new string('p', 300)), ("mtime", "1.5"), ("uid", "5"), ("SCHILY.xattr.user.a", "b")).File("x", new string('x', 700)).Entry("g", 'g', "20 comment=01234567\n"u8.ToArray()).File("y").Build(),
        new TarBuilder().Pax(("GNU.sparse.major", "1"), ("GNU.sparse.realsize", "1000"), ("GNU.sparse.name", "s")).File("x", "2\n0\n3\n500\n4\n".PadRight(512, '\0') + "abcdefg").Build(),
        new TarBuilder().Pax(("GNU.sparse.realsize", "1000"), ("GNU.sparse.map", "0,3,500,4")).File("x", "abcdefg").Build(),
        new TarBuilder().Entry("././@LongLink", 'L', Encoding.ASCII.GetBytes(new string('n', 400))).Entry("././@LongLink", 'K', Encoding.ASCII.GetBytes(new string('k', 400))).Link("x", "y").Build(),
        new TarBuilder().File(".wh..wh.plnk/1.2", "stored").HardLink("a", ".wh..wh.plnk/1.2").File("a/../b").Build(),
    ];

    [Fact]
    public void Every_archive_is_read_or_refused_in_proportion()
    {
        Random random = new(20260101);
        int refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] archive = Mutate(s_seeds[round % s_seeds.Length], random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            int entries = 0;
            try
            {
                entries = Read(archive);
            }
            catch (LayerException)
            {
                refused++;
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= AllocatedAnyway + ((long)AllocatedPerByte * archive.Length), $"round {round}: {allocated} bytes for {archive.Length}");
            Assert.True(entries <= archive.Length / 512, $"round {round}: {entries} entries in {archive.Length} bytes");
        }

        Assert.InRange(refused, 1000, 19_000);
    }

    private static int Read(byte[] archive)
    {
        using BlockPool pool = new();
        BlockQueue queue = new(pool, 4);
        Unpacking.Fill(queue, archive);
        using BlockInput input = new(queue);
        TarReader tar = new(input);
        int entries = 0;
        while (tar.Next() is { } entry)
        {
            entries++;
            EntryPath.Classify(EntryPath.Clean(entry.Name), out _);
        }

        tar.ReadTrailer();
        return entries;
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        List<byte[]> blocks = [.. seed.Chunk(512).Select(b => (byte[])b.Clone())];
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = random.Next(blocks.Count);
            switch (random.Next(6))
            {
                case 0:
                    blocks.Insert(at, (byte[])blocks[random.Next(blocks.Count)].Clone());
                    break;
                case 1 when blocks.Count > 1:
                    blocks.RemoveAt(at);
                    break;
                case 2:
                    blocks[at] = blocks[at][..random.Next(blocks[at].Length + 1)];
                    break;
                case 3:
                    // Fields of headers that count or size something, and the type.
                    int field = random.Next(3) switch { 0 => 124, 1 => 156, _ => 483 };
                    if (blocks[at].Length != 512)
                        break;
                    blocks[at][field + (field == 156 ? 0 : random.Next(12))] = random.Next(3) == 0 ? (byte)(0x80 | random.Next(128)) : (byte)"01234567LKxgS"[random.Next(13)];
                    TarBuilder.Seal(blocks[at]);
                    break;
                default:
                    for (int i = random.Next(1, 5); i > 0 && blocks[at].Length > 0; i--)
                        blocks[at][random.Next(blocks[at].Length)] = (byte)random.Next(256);
                    if (blocks[at].Length == 512 && random.Next(2) == 0)
                        TarBuilder.Seal(blocks[at]);
                    break;
            }
        }

        return [.. blocks.SelectMany(b => b)];
    }
}
