using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using Hafen.Logging.JsonFile;
using Hafen.Logging.Readers;

namespace Hafen.Logging.Tests.JsonFile;

/// <summary>
/// Followers whose log is rotated, compressed and removed under them, quick ones and such as do not read. What they cost is measured in the whole process,
/// so no other test runs beside these.
/// </summary>
[CollectionDefinition(nameof(JsonFileFollowTests), DisableParallelization = true)]
[Collection(nameof(JsonFileFollowTests))]
public sealed class JsonFileFollowTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hafen-follow-").FullName;
    private int _written;

    private string Log => Path.Combine(_folder, "c-json.log");

    private JsonFileReader Reader => new(Log);

    private static LogRequest All => new() { Stdout = true, Stderr = true };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_reader_that_was_overtaken_by_rotation_and_compression_gets_each_line_once()
    {
        Write(2000);
        var ended = new TaskCompletionSource();
        var pipe = Narrow();
        var copy = Copy(All with { FollowUntil = ended.Task }, pipe);
        var first = await pipe.Reader.ReadAtLeastAsync(1, TestContext.Current.CancellationToken);
        pipe.Reader.AdvanceTo(first.Buffer.Start, first.Buffer.Start);
        for (int i = 0; i < 4; i++)
        {
            Rotate(kept: 20);
            Write(100);
        }
        for (int number = 1; number <= 4; number++)
            Compress(number);
        Rotate(kept: 20);
        Write(100);
        ended.SetResult();
        Assert.Equal(Texts(1, _written), await ReadAsync(pipe, copy));
    }

    [Fact]
    public async Task A_reader_whose_file_is_gone_goes_on_with_the_oldest_that_is_left()
    {
        Write(2000);
        var ended = new TaskCompletionSource();
        var pipe = Narrow();
        var copy = Copy(All with { FollowUntil = ended.Task }, pipe);
        var first = await pipe.Reader.ReadAtLeastAsync(1, TestContext.Current.CancellationToken);
        pipe.Reader.AdvanceTo(first.Buffer.Start, first.Buffer.Start);
        for (int i = 0; i < 4; i++)
        {
            Rotate(kept: 2);
            Write(100);
        }
        ended.SetResult();
        Assert.Equal(Texts(1, 2000) + Texts(2101, 2400), await ReadAsync(pipe, copy));
    }

    [Fact]
    public async Task A_file_that_was_removed_by_somebody_else_brings_back_nothing_that_was_read()
    {
        Write(10);
        Rotate(kept: 5);
        Write(10);
        var ended = new TaskCompletionSource();
        var pipe = new Pipe();
        var copy = Copy(All with { FollowUntil = ended.Task }, pipe);
        var seen = await pipe.Reader.ReadAtLeastAsync(Texts(1, 20).Length, TestContext.Current.CancellationToken);
        pipe.Reader.AdvanceTo(seen.Buffer.Start, seen.Buffer.Start);
        File.Delete(Log);
        Write(10);
        ended.SetResult();
        Assert.Equal(Texts(1, 30), await ReadAsync(pipe, copy));
    }

    [Fact]
    public async Task Ten_followers_of_a_log_that_is_rotated_and_compressed_all_the_time_get_each_line_once()
    {
        var ended = new TaskCompletionSource();
        var readers = Enumerable.Range(0, 10).Select(_ => Task.Run(() =>
        {
            var pipe = new Pipe();
            return ReadAsync(pipe, Copy(All with { FollowUntil = ended.Task }, pipe));
        })).ToArray();
        for (int i = 0; i < 60; i++)
        {
            Write(20);
            Rotate(kept: 100);
            if (i % 3 == 0)
                Compress(1 + i % 2);
        }
        Write(20);
        ended.SetResult();
        foreach (var reader in readers)
            Assert.Equal(Texts(1, _written), await reader);
    }

    [Fact]
    public async Task Readers_that_begin_while_the_log_is_rotated_see_every_line_up_to_their_last_once()
    {
        Write(20);
        var writer = Task.Run(() =>
        {
            for (int i = 0; i < 60; i++)
            {
                Write(5);
                Rotate(kept: 100);
                if (i % 2 == 0)
                    Compress(1 + i % 3);
            }
        }, TestContext.Current.CancellationToken);
        var texts = new List<string>();
        while (!writer.IsCompleted)
        {
            var pipe = new Pipe();
            texts.Add(await ReadAsync(pipe, Copy(All, pipe)));
        }
        await writer;
        foreach (string text in texts)
            Assert.Equal(Texts(1, text.Count(c => c == '\n')), text);
    }

    [Fact]
    public async Task A_client_that_does_not_read_costs_some_kilobytes()
    {
        const int Clients = 200;
        File.AppendAllText(Log, Entry(0, new string('x', 90_000)));
        Write(20_000);
        using var leave = new CancellationTokenSource();
        var never = new TaskCompletionSource().Task;
        var warm = new Unread();
        var first = Reader.CopyAsync(All with { FollowUntil = never }, warm, leave.Token);
        await warm.Waits;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var copies = new List<Task> { first };
        for (int i = 0; i < Clients; i++)
        {
            var client = new Unread();
            copies.Add(Reader.CopyAsync(All with { FollowUntil = never }, client, leave.Token));
            await client.Waits;
        }
        long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Clients;
        await leave.CancelAsync();
        foreach (var copy in copies)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copy);
        Assert.True(each < 16 * 1024, $"{each} bytes");
    }

    [Fact]
    public async Task A_client_that_waits_for_more_costs_some_kilobytes()
    {
        const int Clients = 200;
        Write(10);
        using var leave = new CancellationTokenSource();
        var never = new TaskCompletionSource().Task;
        async Task<Task> Follow()
        {
            var pipe = new Pipe();
            var copy = Copy(All with { FollowUntil = never }, pipe, leave.Token);
            var seen = await pipe.Reader.ReadAtLeastAsync(Texts(1, 10).Length, CancellationToken.None);
            pipe.Reader.AdvanceTo(seen.Buffer.End);
            return copy;
        }
        var copies = new List<Task> { await Follow() };
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Clients; i++)
            copies.Add(await Follow());
        long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Clients;
        await leave.CancelAsync();
        foreach (var copy in copies)
            await copy;
        Assert.True(each < 16 * 1024, $"{each} bytes");
    }

    /// <summary>The writer's part: entries of rising times.</summary>
    private static string Entry(int number, string text)
        => $"{{\"log\":\"{text}\\n\",\"stream\":\"stdout\",\"time\":\"2024-05-01T12:{number / 60_000:00}:{number / 1000 % 60:00}.{number % 1000:000}Z\"}}\n";

    private static string Texts(int from, int to) => string.Concat(Enumerable.Range(from, to - from + 1).Select(n => $"line {n}\n"));

    private void Write(int count)
    {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
            text.Append(Entry(++_written, $"line {_written}"));
        File.AppendAllText(Log, text.ToString());
    }

    /// <summary>As the writer does it, the oldest first.</summary>
    private void Rotate(int kept)
    {
        File.Delete($"{Log}.{kept}");
        File.Delete($"{Log}.{kept}.gz");
        for (int number = kept - 1; number >= 1; number--)
        {
            foreach (string end in (string[])[".gz", ""])
            {
                if (File.Exists($"{Log}.{number}{end}"))
                    File.Move($"{Log}.{number}{end}", $"{Log}.{number + 1}{end}");
            }
        }
        File.Move(Log, Log + ".1");
    }

    private void Compress(int number)
    {
        string plain = $"{Log}.{number}";
        if (!File.Exists(plain))
            return;
        using (var source = File.OpenRead(plain))
        using (var gzip = new GZipStream(File.Create(Log + ".gz.part"), CompressionLevel.Fastest))
            source.CopyTo(gzip);
        File.Move(Log + ".gz.part", plain + ".gz");
        File.Delete(plain);
    }

    /// <summary>A client that takes little before it makes the reader wait.</summary>
    private static Pipe Narrow() => new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));

    private async Task Copy(LogRequest request, Pipe pipe, CancellationToken cancellationToken = default)
    {
        try
        {
            await Reader.CopyAsync(request, pipe.Writer, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        await pipe.Writer.CompleteAsync();
    }

    private static async Task<string> ReadAsync(Pipe pipe, Task copy)
    {
        using var all = new MemoryStream();
        await pipe.Reader.CopyToAsync(all).WaitAsync(TimeSpan.FromSeconds(60));
        await copy;
        return Encoding.UTF8.GetString(all.ToArray());
    }

    /// <summary>The output of a client that never reads: it keeps nothing, so that what is measured is the reader's own.</summary>
    private sealed class Unread : PipeWriter
    {
        private readonly TaskCompletionSource _waits = new();

        public Task Waits => _waits.Task;

        public override void Advance(int bytes)
        {
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => new byte[Math.Max(sizeHint, 4096)];

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }

        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            _waits.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return default;
        }
    }
}
