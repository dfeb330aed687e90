using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using Hafen.Logging.JsonFile;
using Hafen.Logging.Readers;

namespace Hafen.Logging.Tests.JsonFile;

/// <summary>Whole reads over files on disk, rotated while they are read.</summary>
public sealed class JsonFileReaderTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("hafen-log-").FullName;

    private string Log => Path.Combine(_folder, "c-json.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Line(int number, string stream = "stdout", string end = "\\n")
        => $"{{\"log\":\"line {number}{end}\",\"stream\":\"{stream}\",\"time\":\"2024-05-01T12:00:{number % 60:00}.5Z\"}}\n";

    private static string Lines(int from, int to) => string.Concat(Enumerable.Range(from, to - from + 1).Select(n => Line(n)));

    private static string Texts(int from, int to) => string.Concat(Enumerable.Range(from, to - from + 1).Select(n => $"line {n}\n"));

    private JsonFileReader Reader => new(Log);

    private static LogRequest All => new() { Stdout = true, Stderr = true };

    private async Task<string> ReadAsync(LogRequest request)
    {
        using var stream = new MemoryStream();
        var writer = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        await Reader.CopyAsync(request, writer, CancellationToken.None);
        await writer.CompleteAsync();
        return Encoding.Latin1.GetString(stream.ToArray());
    }

    /// <summary>A reader whose client takes everything as it comes.</summary>
    private (Pipe Pipe, Task Copy) Follow(LogRequest request)
    {
        var pipe = new Pipe();
        return (pipe, CopyAsync(request, pipe.Writer));

        async Task CopyAsync(LogRequest request, PipeWriter writer)
        {
            await Reader.CopyAsync(request, writer, CancellationToken.None);
            await writer.CompleteAsync();
        }
    }

    /// <summary>Reads as much as a text has.</summary>
    private static async Task<string> TakeAsync(Pipe pipe, string expected)
    {
        var read = await pipe.Reader.ReadAtLeastAsync(expected.Length, CancellationToken.None).AsTask().WaitAsync(s_limit);
        var piece = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, expected.Length));
        string text = Encoding.Latin1.GetString(piece);
        pipe.Reader.AdvanceTo(piece.End);
        return text;
    }

    private static async Task<string> RestAsync(Pipe pipe, Task copy)
    {
        using var all = new MemoryStream();
        await pipe.Reader.CopyToAsync(all).WaitAsync(s_limit);
        await copy;
        return Encoding.Latin1.GetString(all.ToArray());
    }

    private void WriteGzip(string path, string text)
    {
        using var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        gzip.Write(Encoding.UTF8.GetBytes(text));
    }

    [Fact]
    public async Task A_log_that_is_not_there_is_empty() => Assert.Equal("", await ReadAsync(All));

    [Fact]
    public async Task Rotated_files_come_first_gzipped_or_not()
    {
        WriteGzip(Log + ".3.gz", Lines(1, 10));
        WriteGzip(Log + ".2.gz", Lines(11, 20));
        File.WriteAllText(Log + ".1", Lines(21, 30));
        File.WriteAllText(Log, Lines(31, 40));
        Assert.Equal(Texts(1, 40), await ReadAsync(All));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(20)]
    [InlineData(25)]
    [InlineData(39)]
    [InlineData(40)]
    [InlineData(41)]
    public async Task The_tail_reaches_into_rotated_files(int tail)
    {
        WriteGzip(Log + ".3.gz", Lines(1, 10));
        WriteGzip(Log + ".2.gz", Lines(11, 20));
        File.WriteAllText(Log + ".1", Lines(21, 30));
        File.WriteAllText(Log, Lines(31, 40));
        Assert.Equal(Texts(Math.Max(1, 41 - tail), 40), await ReadAsync(All with { Tail = tail }));
    }

    [Fact]
    public async Task The_tail_of_a_large_file_is_found_across_blocks()
    {
        File.WriteAllText(Log, Lines(1, 20_000));
        Assert.Equal(Texts(15_001, 20_000), await ReadAsync(All with { Tail = 5_000 }));
        Assert.Equal(Texts(1, 20_000), await ReadAsync(All with { Tail = 20_000 }));
    }

    [Fact]
    public async Task Streams_are_chosen_and_framed()
    {
        File.WriteAllText(Log, Line(1) + Line(2, "stderr") + Line(3));
        Assert.Equal("line 2\n", await ReadAsync(All with { Stdout = false }));
        Assert.Equal("\x01\0\0\0\0\0\0\aline 1\n\x02\0\0\0\0\0\0\aline 2\n\x01\0\0\0\0\0\0\aline 3\n", await ReadAsync(All with { Multiplexed = true }));
    }

    [Fact]
    public async Task Neighbours_share_a_frame_unless_the_client_follows()
    {
        File.WriteAllText(Log, Line(1) + Line(2) + Line(3, "stderr"));
        Assert.Equal("\x01\0\0\0\0\0\0\x0eline 1\nline 2\n\x02\0\0\0\0\0\0\aline 3\n", await ReadAsync(All with { Multiplexed = true, SharedFrames = true }));
        Assert.Equal(
            "\x01\0\0\0\0\0\0\aline 1\n\x01\0\0\0\0\0\0\aline 2\n\x02\0\0\0\0\0\0\aline 3\n",
            await ReadAsync(All with { Multiplexed = true }));
    }

    [Fact]
    public async Task Frames_of_a_large_log_stay_small_and_hold_everything()
    {
        File.WriteAllText(Log, Lines(1, 20_000));
        byte[] bytes = Encoding.Latin1.GetBytes(await ReadAsync(All with { Multiplexed = true, SharedFrames = true }));
        var text = new StringBuilder();
        for (int at = 0; at < bytes.Length;)
        {
            Assert.Equal(1, bytes[at]);
            int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 4));
            Assert.InRange(length, 1, 20_000);
            text.Append(Encoding.Latin1.GetString(bytes, at + 8, length));
            at += 8 + length;
        }
        Assert.Equal(Texts(1, 20_000), text.ToString());
    }

    [Fact]
    public async Task Times_have_nine_digits_and_stand_before_the_details()
    {
        File.WriteAllText(Log, """{"log":"x\n","stream":"stdout","attrs":{"b":"2 3","a":"1&"},"time":"2024-05-01T12:00:00.12Z"}""" + "\n");
        Assert.Equal("2024-05-01T12:00:00.120000000Z a=1%26,b=2+3 x\n", await ReadAsync(All with { Timestamps = true, Details = true }));
    }

    [Fact]
    public async Task Since_and_until_cut_the_log()
    {
        File.WriteAllText(Log, Lines(1, 20));
        long noon = 1714564800L * 1_000_000_000;
        Assert.Equal(Texts(5, 10), await ReadAsync(All with { Since = noon + 5_500_000_000, Until = noon + 10_500_000_000 }));
    }

    [Fact]
    public async Task Corrupt_lines_are_left_out()
    {
        File.WriteAllText(Log, Line(1) + "{\"log\":\"cut\n" + Line(2) + new string('\0', 100) + "\n" + Line(3) + "{\"log\":\"unfinished");
        Assert.Equal(Texts(1, 3), await ReadAsync(All));
    }

    [Fact]
    public async Task An_endless_line_does_not_end_reading()
    {
        File.WriteAllText(Log, Line(1) + new string('x', 5_000_000) + "\n" + Line(2));
        Assert.Equal(Texts(1, 2), await ReadAsync(All));
    }

    [Fact]
    public async Task A_broken_gzip_file_does_not_end_reading()
    {
        WriteGzip(Log + ".1.gz", Lines(1, 1000));
        using (var file = File.OpenWrite(Log + ".1.gz"))
            file.SetLength(file.Length / 2);
        File.WriteAllText(Log, Line(1001));
        Assert.EndsWith("line 1001\n", await ReadAsync(All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Following_loses_nothing_over_rotations_and_at_the_end()
    {
        const int count = 30_000;
        var ended = new TaskCompletionSource();
        var reading = Task.Run(() => ReadAsync(All with { FollowUntil = ended.Task }));
        await Task.Run(() =>
        {
            var file = new StreamWriter(new FileStream(Log, FileMode.Append));
            for (int i = 1; i <= count; i++)
            {
                file.Write(Line(i));
                if (i % 2500 == 0)
                {
                    file.Dispose();
                    for (int n = 20; n >= 1; n--)
                    {
                        if (File.Exists($"{Log}.{n}"))
                            File.Move($"{Log}.{n}", $"{Log}.{n + 1}");
                    }
                    File.Move(Log, Log + ".1");
                    file = new StreamWriter(new FileStream(Log, FileMode.CreateNew));
                }
            }
            file.Dispose();
        });
        ended.SetResult();
        Assert.Equal(Texts(1, count), await reading.WaitAsync(s_limit));
    }

    [Fact]
    public async Task Following_finds_what_was_written_and_rotated_before_its_second_look()
    {
        var ended = new TaskCompletionSource();
        string folder = Path.GetDirectoryName(Log)!, ready = Directory.CreateDirectory(folder + "-ready").FullName;
        Directory.Delete(folder, recursive: true);
        var reading = Task.Run(() => ReadAsync(All with { FollowUntil = ended.Task }));
        // Before its second look or after it: nothing shows which, and both must do.
        await Task.Delay(300, TestContext.Current.CancellationToken);
        File.WriteAllText(Path.Combine(ready, Path.GetFileName(Log) + ".2"), Lines(1, 2));
        File.WriteAllText(Path.Combine(ready, Path.GetFileName(Log) + ".1"), Lines(3, 4));
        File.WriteAllText(Path.Combine(ready, Path.GetFileName(Log)), Lines(5, 6));
        Directory.Move(ready, folder);
        ended.SetResult();
        Assert.Equal(Texts(1, 6), await reading.WaitAsync(s_limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Following_goes_on_after_the_file_was_compressed_and_removed()
    {
        File.WriteAllText(Log, Lines(1, 5));
        var ended = new TaskCompletionSource();
        var (pipe, copy) = Follow(All with { FollowUntil = ended.Task });
        Assert.Equal(Texts(1, 5), await TakeAsync(pipe, Texts(1, 5)));
        File.Move(Log, Log + ".1");
        WriteGzip(Log + ".1.gz", Lines(1, 5));
        File.Delete(Log + ".1");
        File.WriteAllText(Log, Lines(6, 8));
        Assert.Equal(Texts(6, 8), await TakeAsync(pipe, Texts(6, 8)));
        ended.SetResult();
        Assert.Equal("", await RestAsync(pipe, copy));
    }

    [Fact]
    public async Task Following_notices_a_file_that_was_emptied()
    {
        File.WriteAllText(Log, Lines(1, 5));
        var ended = new TaskCompletionSource();
        var (pipe, copy) = Follow(All with { FollowUntil = ended.Task });
        Assert.Equal(Texts(1, 5), await TakeAsync(pipe, Texts(1, 5)));
        File.WriteAllText(Log, Line(6));
        Assert.Equal(Texts(6, 6), await TakeAsync(pipe, Texts(6, 6)));
        ended.SetResult();
        Assert.Equal("", await RestAsync(pipe, copy));
    }

    [Fact]
    public async Task Following_an_entry_written_in_two_pieces_waits_for_the_second()
    {
        string line = Line(1);
        File.WriteAllText(Log, Line(0) + line[..20]);
        var ended = new TaskCompletionSource();
        var (pipe, copy) = Follow(All with { FollowUntil = ended.Task });
        // The first piece has been met when the entry before it is there.
        Assert.Equal("line 0\n", await TakeAsync(pipe, "line 0\n"));
        File.AppendAllText(Log, line[20..]);
        Assert.Equal("line 1\n", await TakeAsync(pipe, "line 1\n"));
        ended.SetResult();
        Assert.Equal("", await RestAsync(pipe, copy));
    }

    [Fact]
    public async Task Following_ends_when_its_reader_leaves()
    {
        File.WriteAllText(Log, Line(1));
        using var left = new CancellationTokenSource(100);
        var writer = PipeWriter.Create(Stream.Null);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Reader.CopyAsync(All with { FollowUntil = new TaskCompletionSource().Task }, writer, left.Token).WaitAsync(s_limit));
    }
}
