using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Hafen.Logging.Readers;
using Hafen.Logging.Tests.Writers;
using Hafen.Logging.Writers;

namespace Hafen.Logging.Tests.Contracts;

/// <summary>What every driver whose logs can be read keeps to: what its writer was fed comes out of its reader, as <c>docker logs</c> shows it.</summary>
public abstract class LogDriverContract : IDisposable
{
    private const int Piece = 16 * 1024;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private static readonly Dictionary<string, string> s_noOptions = [];

    private readonly TemporaryFolder _folder = new();
    private readonly HeldHost _host = new();

    private protected abstract ILogDriver Driver { get; }

    /// <summary>Options with which the log is rotated after a thousand bytes or so.</summary>
    /// <param name="files">How many files are kept.</param>
    /// <param name="compress">Whether rotated ones are compressed.</param>
    protected abstract Dictionary<string, string> Rotated(int files, bool compress);

    private LogPlace Place => new(_folder.Path, new string('c', 64));

    private static LogRequest All => new() { Stdout = true, Stderr = true, Multiplexed = true, SharedFrames = true };

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void The_table_has_it() => Assert.Same(Driver, LogDrivers.Find(Driver.Name));

    [Fact]
    public void An_option_that_it_does_not_have_is_refused_by_name()
    {
        var failure = Assert.Throws<LogException>(() => LogDrivers.Check(Driver.Name, new Dictionary<string, string> { ["colour"] = "red" }));
        Assert.Equal($"unknown log opt 'colour' for {Driver.Name} log driver", failure.Message);
        LogDrivers.Check(Driver.Name, s_noOptions);
        LogDrivers.Check(Driver.Name, Rotated(files: 3, compress: true));
    }

    [Fact]
    public async Task A_log_that_was_never_written_is_empty() => Assert.Empty(await ReadAsync(All));

    [Fact]
    public async Task Entries_come_in_order_each_of_its_stream()
    {
        using (var writer = Open())
        {
            Write(writer, LogStream.Stdout, "one\n");
            Write(writer, LogStream.Stderr, "two\nthree\n");
            Write(writer, LogStream.Stdout, "\nfour\n");
        }
        Assert.Equal([(1, "one\n"), (2, "two\nthree\n"), (1, "\nfour\n")], await ReadAsync(All));
        Assert.Equal([(1, "one\n\nfour\n")], await ReadAsync(All with { Stderr = false }));
        Assert.Equal([(2, "two\nthree\n")], await ReadAsync(All with { Stdout = false }));
    }

    [Fact]
    public async Task A_client_that_follows_gets_a_frame_for_each_entry()
    {
        using (var writer = Open())
            Write(writer, LogStream.Stdout, "one\ntwo\n");
        Assert.Equal([(1, "one\n"), (1, "two\n")], await ReadAsync(All with { SharedFrames = false }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(Piece)]
    [InlineData(256 * 1024)]
    public async Task However_the_output_was_read_its_bytes_are_those_that_were_written(int chunk)
    {
        string text = $"plain\n\ttab \"quoted\" \\ <&> \u0001 \u2028 ü日🐳\r\n{new string('x', 3 * Piece + 5)}\n{new string('y', Piece)}\nno line end";
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        using (var writer = Open())
        {
            foreach (byte[] piece in bytes.Chunk(chunk))
                writer.Feed(LogStream.Stdout, piece);
            writer.End(LogStream.Stdout);
        }
        Assert.Equal(text, string.Concat((await ReadAsync(All)).Select(frame => frame.Text)));
    }

    [Fact]
    public async Task Parts_of_lines_do_not_mix_with_the_other_stream()
    {
        using (var writer = Open())
        {
            Write(writer, LogStream.Stdout, "out");
            Write(writer, LogStream.Stderr, "err\n");
            Write(writer, LogStream.Stdout, "put\n");
        }
        Assert.Equal([(2, "err\n"), (1, "output\n")], await ReadAsync(All));
    }

    [Fact]
    public async Task Times_are_those_of_the_writing_and_rise_and_a_long_line_has_one()
    {
        var before = DateTime.UtcNow;
        using (var writer = Open())
        {
            WriteLines(writer, 1, 100);
            Write(writer, LogStream.Stdout, new string('x', 3 * Piece) + "\n");
        }
        var entries = await StampedAsync(All);
        string[] times = entries.Take(100).Select(entry => entry.Time).ToArray();
        Assert.Equal(times.Order().Distinct(), times);
        Assert.InRange(Parse(times[0]), before.AddMilliseconds(-1), DateTime.UtcNow);
        Assert.InRange(Parse(times[^1]), before.AddMilliseconds(-1), DateTime.UtcNow);
        Assert.Single(entries.Skip(100).Select(entry => entry.Time).Distinct());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(1000)]
    public async Task The_tail_is_the_last_entries(int tail)
    {
        using (var writer = Open(Rotated(files: 50, compress: false)))
            WriteLines(writer, 1, 100);
        Assert.Equal(Lines(Math.Max(1, 101 - tail), 100), await TextAsync(All with { Tail = tail }));
    }

    [Fact]
    public async Task Since_and_until_are_times_of_entries_and_include_them()
    {
        using (var writer = Open(Rotated(files: 50, compress: false)))
            WriteLines(writer, 1, 100);
        var entries = await StampedAsync(All);
        long since = Nanoseconds(entries[29].Time), until = Nanoseconds(entries[69].Time);
        Assert.Equal(Lines(30, 70), await TextAsync(All with { Since = since, Until = until }));
        Assert.Equal(Lines(31, 69), await TextAsync(All with { Since = since + 1, Until = until - 1 }));
    }

    [Fact]
    public async Task The_next_run_of_the_container_goes_on_in_the_same_log()
    {
        for (int run = 0; run < 3; run++)
        {
            using var writer = Open();
            WriteLines(writer, run * 10 + 1, run * 10 + 10);
        }
        Assert.Equal(Lines(1, 30), await TextAsync(All));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rotation_keeps_the_newest_without_a_gap(bool compress)
    {
        using (var writer = Open(Rotated(files: 4, compress)))
        {
            for (int line = 1; line <= 300; line++)
            {
                WriteLines(writer, line, line);
                if (_host.Busy && line % 5 == 0)
                    _host.Complete();
            }
            while (_host.Busy)
                _host.Complete();
        }
        string text = await TextAsync(All);
        int count = text.Count(letter => letter == '\n');
        Assert.InRange(count, 10, 250);
        Assert.Equal(Lines(301 - count, 300), text);
    }

    [Fact]
    public async Task Who_follows_gets_every_entry_once_over_rotations_and_at_the_end()
    {
        var ended = new TaskCompletionSource();
        var reading = Task.Run(() => TextAsync(All with { SharedFrames = false, FollowUntil = ended.Task }));
        using (var writer = Open(Rotated(files: 200, compress: true)))
        {
            for (int line = 1; line <= 1000; line++)
            {
                WriteLines(writer, line, line);
                if (_host.Busy && line % 50 == 0)
                    _host.Complete();
            }
            while (_host.Busy)
                _host.Complete();
        }
        ended.SetResult();
        Assert.Equal(Lines(1, 1000), await reading.WaitAsync(s_limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_follows_gets_an_entry_when_it_is_written()
    {
        var ended = new TaskCompletionSource();
        var pipe = new Pipe();
        using var writer = Open();
        WriteLines(writer, 1, 5);
        var copy = Driver.OpenReader(Place)!.CopyAsync(All with { Multiplexed = false, FollowUntil = ended.Task }, pipe.Writer, CancellationToken.None);
        Assert.Equal(Lines(1, 5), await TakeAsync(pipe.Reader, Lines(1, 5).Length));
        WriteLines(writer, 6, 6);
        Assert.Equal(Lines(6, 6), await TakeAsync(pipe.Reader, Lines(6, 6).Length));
        ended.SetResult();
        await copy.WaitAsync(s_limit, TestContext.Current.CancellationToken);
    }

    /// <summary>The monitor, or the machine, ended while the last entry was on its way to the disk.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(40)]
    public async Task A_writer_that_ended_within_an_entry_costs_that_entry_alone(int cut)
    {
        using (var writer = Open())
            WriteLines(writer, 1, 10);
        Cut(Place, cut);
        string before = await TextAsync(All);
        Assert.Contains(before, (string[])[Lines(1, 9), Lines(1, 10)]);
        using (var writer = Open())
            WriteLines(writer, 11, 20);
        string after = await TextAsync(All);
        Assert.EndsWith(Lines(11, 20), after, StringComparison.Ordinal);
        Assert.StartsWith(Lines(1, 9), after, StringComparison.Ordinal);
        Assert.InRange(after.Count(letter => letter == '\n'), 19, 20);
    }

    [Fact]
    public async Task Details_are_the_labels_and_variables_that_were_chosen()
    {
        var options = new Dictionary<string, string> { ["labels"] = "a", ["env-regex"] = "^E", ["tag"] = "{{.Name}}" };
        var container = new LogContainer { Name = "web", Labels = new Dictionary<string, string> { ["a"] = "1 2", ["b"] = "3" }, Environment = ["E1=x", "F=y"] };
        LogDrivers.Check(Driver.Name, options);
        Driver.CheckContainer(container, options);
        using (var writer = Driver.OpenWriter(Driver.Target(Place, container, options), _host)!)
            Write(writer, LogStream.Stdout, "text\n");
        Assert.Equal("E1=x,a=1+2,tag=web text\n", await TextAsync(All with { Details = true }));
        Assert.Equal("text\n", await TextAsync(All));
    }

    /// <summary>Takes the last bytes of what was written away, as if they had not reached the disk.</summary>
    private protected virtual void Cut(LogPlace place, int bytes)
    {
        using var file = File.OpenWrite(Driver.FileOf(place)!);
        file.SetLength(file.Length - bytes);
    }

    private ILogWriter Open(Dictionary<string, string>? options = null)
        => Driver.OpenWriter(Driver.Target(Place, new LogContainer(), options ?? s_noOptions), _host)!;

    private static void Write(ILogWriter writer, LogStream stream, string text) => writer.Feed(stream, Encoding.UTF8.GetBytes(text));

    private static void WriteLines(ILogWriter writer, int from, int to) => Write(writer, LogStream.Stdout, Lines(from, to));

    private static string Lines(int from, int to) => string.Concat(Enumerable.Range(from, to - from + 1).Select(number => $"line {number}\n"));

    private async Task<string> TextAsync(LogRequest request) => string.Concat((await ReadAsync(request)).Select(frame => frame.Text));

    /// <summary>The frames that a client gets.</summary>
    private async Task<(int Stream, string Text)[]> ReadAsync(LogRequest request)
    {
        using var stream = new MemoryStream();
        var writer = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        await Driver.OpenReader(Place)!.CopyAsync(request, writer, CancellationToken.None);
        await writer.CompleteAsync();
        byte[] bytes = stream.ToArray();
        var frames = new List<(int, string)>();
        for (int at = 0; at < bytes.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 4));
            frames.Add((bytes[at], Encoding.UTF8.GetString(bytes, at + 8, length)));
            at += 8 + length;
        }
        return [.. frames];
    }

    private async Task<(string Time, string Text)[]> StampedAsync(LogRequest request)
        => [.. (await ReadAsync(request with { SharedFrames = false, Timestamps = true })).Select(frame => (frame.Text[..30], frame.Text[31..]))];

    private static async Task<string> TakeAsync(PipeReader reader, int length)
    {
        var read = await reader.ReadAtLeastAsync(length, CancellationToken.None).AsTask().WaitAsync(s_limit);
        string text = Encoding.UTF8.GetString(read.Buffer);
        reader.AdvanceTo(read.Buffer.End);
        return text;
    }

    private static DateTime Parse(string time) => DateTime.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);

    private static long Nanoseconds(string time)
    {
        Assert.True(LogTime.TryParse(Encoding.ASCII.GetBytes(time), out long nanoseconds));
        return nanoseconds;
    }
}
