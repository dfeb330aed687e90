using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hafen.Logging.JsonFile;
using Hafen.Logging.Tests.Writers;

namespace Hafen.Logging.Tests.JsonFile;

public partial class JsonFileWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HeldHost _host = new();

    private string LogPath => _folder["x-json.log"];

    public void Dispose() => _folder.Dispose();

    /// <summary><c>nasty.docker.json</c> is what dockerd 20.10.24 wrote for a container that put out <c>nasty.bin</c>.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1021)]
    [InlineData(16 * 1024)]
    [InlineData(256 * 1024)]
    public void The_file_is_Dockers_byte_for_byte(int chunk)
    {
        using (var log = Open(new LogTarget { Driver = "json-file", Path = LogPath }))
        {
            foreach (byte[] piece in Resource("nasty.bin").Chunk(chunk))
                log.Feed(LogStream.Stdout, piece);
            log.End(LogStream.Stdout);
        }
        string expected = Encoding.UTF8.GetString(Resource("nasty.docker.json"));
        string actual = File.ReadAllText(LogPath);
        Assert.Equal(Time().Replace(expected, "\"time\":\"T\""), Time().Replace(actual, "\"time\":\"T\""));
        Assert.Equal(SameTimes(expected), SameTimes(actual));
    }

    [Fact]
    public void Attributes_stand_before_the_time()
    {
        using (var log = Open(new LogTarget { Driver = "json-file", Path = LogPath, Attributes = "{\"E\":\"\\u003cx\\u003e\",\"a\":\"b\"}" }))
        {
            log.Feed(LogStream.Stdout, "hi\n"u8);
            log.Feed(LogStream.Stderr, "err\n"u8);
        }
        string[] lines = File.ReadAllLines(LogPath);
        Assert.StartsWith("{\"log\":\"hi\\n\",\"stream\":\"stdout\",\"attrs\":{\"E\":\"\\u003cx\\u003e\",\"a\":\"b\"},\"time\":\"20", lines[0]);
        Assert.StartsWith("{\"log\":\"err\\n\",\"stream\":\"stderr\",\"attrs\":{\"E\":\"\\u003cx\\u003e\",\"a\":\"b\"},\"time\":\"20", lines[1]);
    }

    [Fact]
    public void Two_streams_do_not_mix_their_lines()
    {
        using (var log = Open(new LogTarget { Driver = "json-file", Path = LogPath }))
        {
            log.Feed(LogStream.Stdout, "out"u8);
            log.Feed(LogStream.Stderr, "err\n"u8);
            log.Feed(LogStream.Stdout, "put\n"u8);
        }
        Assert.Equal(["err\n", "output\n"], Logged(LogPath));
    }

    [Fact]
    public void A_restart_appends()
    {
        for (int run = 0; run < 2; run++)
        {
            using var log = Open(new LogTarget { Driver = "json-file", Path = LogPath });
            log.Feed(LogStream.Stdout, "again\n"u8);
        }
        Assert.Equal(["again\n", "again\n"], Logged(LogPath));
    }

    [Fact]
    public void Rotation_loses_no_line_and_keeps_the_newest_files()
    {
        using (var log = Open(new LogTarget { Driver = "json-file", Path = LogPath, MaxSize = 1000, MaxFiles = 3 }))
        {
            for (int i = 0; i < 40; i++)
                log.Feed(LogStream.Stdout, Encoding.ASCII.GetBytes($"line {i}\n"));
        }
        Assert.Equal(["x-json.log", "x-json.log.1", "x-json.log.2"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
        string[] lines = Logged(LogPath + ".2").Concat(Logged(LogPath + ".1")).Concat(Logged(LogPath)).ToArray();
        Assert.Equal(Enumerable.Range(40 - lines.Length, lines.Length).Select(i => $"line {i}\n"), lines);

        // As Docker: a file is rotated when it has reached the size, so it is at most a line larger.
        Assert.InRange(new FileInfo(LogPath + ".1").Length, 1000, 1100);
    }

    [Fact]
    public void One_batch_of_many_lines_is_rotated_within()
    {
        using (var log = Open(new LogTarget { Driver = "json-file", Path = LogPath, MaxSize = 2000, MaxFiles = 100 }))
            log.Feed(LogStream.Stdout, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 500).Select(i => $"line {i}\n"))));
        string[] files = Directory.GetFiles(_folder.Path);
        Assert.True(files.Length > 10);
        Assert.Equal(500, files.Sum(f => Logged(f).Length));
    }

    [Fact]
    public void With_one_file_the_log_starts_anew()
    {
        using (var log = Open(new LogTarget { Driver = "json-file", Path = LogPath, MaxSize = 500, MaxFiles = 1 }))
        {
            for (int i = 0; i < 20; i++)
                log.Feed(LogStream.Stdout, Encoding.ASCII.GetBytes($"line {i}\n"));
        }
        Assert.Equal([LogPath], Directory.GetFiles(_folder.Path));
        Assert.Equal("line 19\n", Logged(LogPath)[^1]);
    }

    [Fact]
    public void A_full_disk_loses_only_what_the_buffer_cannot_hold()
    {
        using var disk = new SmallDisk(_folder["disk"], kilobytes: 64);
        string path = Path.Combine(disk.Path, "x.log");
        using (var log = Open(new LogTarget { Driver = "json-file", Path = path }))
        {
            string filler = Path.Combine(disk.Path, "filler");
            for (int i = 0; i < 200; i++)
                log.Feed(LogStream.Stdout, Encoding.ASCII.GetBytes($"before {i} {new string('x', 200)}\n"));
            disk.Fill(filler);
            for (int i = 0; i < 1000; i++)
                log.Feed(LogStream.Stdout, Encoding.ASCII.GetBytes($"while full {i} {new string('x', 200)}\n"));
            Assert.True(log.Waiting);
            File.Delete(filler);
            disk.Grow(kilobytes: 4096);
            log.Feed(LogStream.Stdout, "after\n"u8);
            Assert.False(log.Waiting);
            Assert.Equal(0, log.LostLines);
        }

        // Every line is whole JSON, and none is missing: the buffer was large enough.
        Assert.Equal(1201, Logged(path).Length);
    }

    [Fact]
    public void What_is_lost_on_a_full_disk_is_counted()
    {
        using var disk = new SmallDisk(_folder["disk"], kilobytes: 64);
        string path = Path.Combine(disk.Path, "x.log");
        var log = Open(new LogTarget { Driver = "json-file", Path = path });
        for (int i = 0; i < 5000; i++)
            log.Feed(LogStream.Stdout, Encoding.ASCII.GetBytes($"{i} {new string('x', 200)}\n"));
        disk.Grow(kilobytes: 8192);
        log.Feed(LogStream.Stdout, "after\n"u8);
        log.Dispose();
        Assert.True(log.LostLines > 0);
        Assert.Equal(5001, Logged(path).Length + log.LostLines);
    }

    [Fact]
    public void Attributes_of_any_size_stand_in_each_line()
    {
        string attributes = $"{{\"a\":\"{new string('x', 1_000_000)}\"}}";
        using (var log = Open(new LogTarget { Driver = "json-file", Path = LogPath, Attributes = attributes }))
        {
            log.Feed(LogStream.Stdout, "one\ntwo\n"u8);
            log.Feed(LogStream.Stdout, "three\n"u8);
        }
        Assert.Equal(["one\n", "two\n", "three\n"], Logged(LogPath));
    }

    private JsonFileWriter Open(LogTarget options) => new(options, _host);

    private static string[] Logged(string path) =>
        [.. File.ReadAllLines(path).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("log").GetString()!)];

    /// <summary>For each line, whether it has the time of the one before.</summary>
    private static bool[] SameTimes(string log)
    {
        string[] times = Time().Matches(log).Select(m => m.Value).ToArray();
        return [.. times.Skip(1).Zip(times, (time, before) => time == before)];
    }

    private static byte[] Resource(string name)
    {
        using var stream = typeof(JsonFileWriterTests).Assembly.GetManifestResourceStream(name)!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    [GeneratedRegex("\"time\":\"[^\"]*\"")]
    private static partial Regex Time();
}
