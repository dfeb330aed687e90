using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Hafen.Logging.JsonFile;
using Hafen.Logging.Tests.Writers;

namespace Hafen.Logging.Tests.Files;

/// <summary>Rotation with compression, whatever the compressor does.</summary>
public sealed class LogRotationTests : IDisposable
{
    private const int MaxSize = 1000;
    private const int LongestLine = 100;

    private readonly TemporaryFolder _folder = new();
    private readonly HeldHost _host = new();
    private int _written;

    private string LogPath => _folder["x.log"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_host_that_hangs_changes_neither_the_size_of_the_log_nor_its_lines()
    {
        using var log = Open(maxFiles: 4);
        Write(log, 500);
        Assert.Equal(1, _host.Started);
        Assert.True(_host.Cancelled);
        Assert.Equal(["x.log", "x.log.1", "x.log.2", "x.log.3", "x.log.gz.part"], Names());
        Assert.InRange(Directory.GetFiles(_folder.Path).Sum(f => new FileInfo(f).Length), 3 * MaxSize, 4 * (MaxSize + LongestLine));
        AssertNewest();
    }

    [Fact]
    public void A_file_is_compressed_to_the_number_that_it_has_by_then()
    {
        using var log = Open(maxFiles: 5);
        WriteUntil(log, () => _host.Started == 1);
        WriteUntil(log, () => File.Exists(LogPath + ".3"));
        _host.Complete();
        Assert.Equal(["x.log", "x.log.1", "x.log.2", "x.log.3.gz", "x.log.gz.part"], Names());
        AssertNewest();

        // The others follow, the youngest first.
        _host.Complete();
        _host.Complete();
        Assert.Equal(["x.log", "x.log.1.gz", "x.log.2.gz", "x.log.3.gz"], Names());
        Assert.False(_host.Busy);
        AssertNewest();
    }

    [Fact]
    public void What_was_rotated_out_while_it_was_compressed_does_not_come_back()
    {
        using var log = Open(maxFiles: 2);
        WriteUntil(log, () => _host.Started == 1);
        string first = File.ReadAllText(LogPath + ".1");
        WriteUntil(log, () => File.ReadAllText(LogPath + ".1") != first);
        Assert.True(_host.Cancelled);
        _host.Complete();
        Assert.Equal(["x.log", "x.log.1", "x.log.gz.part"], Names());
        _host.Complete();
        Assert.Equal(["x.log", "x.log.1.gz"], Names());
        AssertNewest();
    }

    [Fact]
    public void A_compression_that_fails_leaves_the_plain_file_and_is_tried_with_the_next()
    {
        using var log = Open(maxFiles: 4);
        WriteUntil(log, () => _host.Started == 1);
        _host.Fail();
        Assert.Equal(["x.log", "x.log.1"], Names());
        Assert.Equal(1, _host.Started);
        WriteUntil(log, () => _host.Started == 2);
        _host.Complete();
        _host.Complete();
        Assert.Equal(["x.log", "x.log.1.gz", "x.log.2.gz"], Names());
        AssertNewest();
    }

    [Fact]
    public void The_end_of_a_log_waits_for_its_compression()
    {
        var log = Open(maxFiles: 4);
        WriteUntil(log, () => File.Exists(LogPath + ".2"));
        bool settled = false;
        log.Finish(() => settled = true);
        _host.Complete();
        Assert.False(settled);
        _host.Complete();
        Assert.True(settled);
        log.Dispose();
        Assert.Equal(["x.log", "x.log.1.gz", "x.log.2.gz"], Names());
        AssertNewest();
    }

    [Fact]
    public void A_compression_that_outlasts_the_log_leaves_the_plain_file()
    {
        var log = Open(maxFiles: 4);
        WriteUntil(log, () => _host.Started == 1);
        log.Dispose();
        Assert.True(_host.Cancelled);
        _host.Fail();
        Assert.Equal(["x.log", "x.log.1"], Names());
    }

    [Fact]
    public void A_monitor_that_was_ended_between_two_steps_leaves_nothing_twice()
    {
        File.WriteAllText(LogPath + ".1", "plain");
        File.WriteAllText(LogPath + ".1.gz", "compressed");
        using var log = Open(maxFiles: 4);
        WriteUntil(log, () => _host.Started == 1);
        _host.Complete();
        Assert.Equal(["x.log", "x.log.1.gz", "x.log.2.gz"], Names());
        Assert.Equal("compressed", File.ReadAllText(LogPath + ".2.gz"));
    }

    [Fact]
    public void A_rotation_that_cannot_be_done_does_not_let_the_log_grow_for_ever()
    {
        Directory.CreateDirectory(LogPath + ".1");
        using var log = Open(maxFiles: 2);
        Write(log, 500);
        Assert.InRange(new FileInfo(LogPath).Length, 1, 2 * (MaxSize + LongestLine));
    }

    private JsonFileWriter Open(int maxFiles) =>
        new(new LogTarget { Driver = "json-file", Path = LogPath, MaxSize = MaxSize, MaxFiles = maxFiles, Compress = true }, _host);

    private void Write(JsonFileWriter log, int count)
    {
        for (int i = 0; i < count; i++)
            log.Feed(LogStream.Stdout, Encoding.ASCII.GetBytes($"line {_written++}\n"));
    }

    private void WriteUntil(JsonFileWriter log, Func<bool> reached)
    {
        for (int i = 0; i < 1000 && !reached(); i++)
            Write(log, 1);
        Assert.True(reached());
    }

    private string[] Names() => [.. Directory.GetFiles(_folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>What the files hold is the newest of what was written, without a gap and in order.</summary>
    private void AssertNewest()
    {
        string[] lines = Enumerable.Range(0, 10).Reverse().SelectMany(Logged).ToArray();
        Assert.Equal(Enumerable.Range(_written - lines.Length, lines.Length).Select(i => $"line {i}\n"), lines);
    }

    private IEnumerable<string> Logged(int number)
    {
        string path = number == 0 ? LogPath : $"{LogPath}.{number}";
        Stream? content = File.Exists(path) ? File.OpenRead(path)
            : File.Exists(path + ".gz") ? new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress) : null;
        if (content is null)
            yield break;
        using var reader = new StreamReader(content);
        while (reader.ReadLine() is { } line)
            yield return JsonDocument.Parse(line).RootElement.GetProperty("log").GetString()!;
    }
}
