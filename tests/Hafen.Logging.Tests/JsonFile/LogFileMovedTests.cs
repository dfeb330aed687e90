using System.Text;
using System.Text.Json;
using Hafen.Logging.JsonFile;
using Hafen.Logging.Tests.Writers;

namespace Hafen.Logging.Tests.JsonFile;

/// <summary>What becomes of a log whose file is touched by others while it is written.</summary>
public sealed class LogFileMovedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HeldHost _host = new();

    private string LogPath => _folder["x.log"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_removed_file_is_made_again()
    {
        using var log = Open();
        Write(log, "before");
        File.Delete(LogPath);
        Write(log, "after");
        Assert.Equal(["after\n"], Logged(LogPath));
    }

    [Fact]
    public void A_renamed_file_is_left_and_a_new_one_begun()
    {
        using var log = Open();
        Write(log, "before");
        File.Move(LogPath, _folder["kept"]);
        Write(log, "after");
        Assert.Equal(["before\n"], Logged(_folder["kept"]));
        Assert.Equal(["after\n"], Logged(LogPath));
    }

    [Fact]
    public void A_replaced_file_is_continued()
    {
        using var log = Open();
        Write(log, "before");
        File.Move(LogPath, _folder["kept"]);
        File.WriteAllText(LogPath, "{\"log\":\"another's\\n\"}\n");
        Write(log, "after");
        Assert.Equal(["another's\n", "after\n"], Logged(LogPath));
    }

    [Fact]
    public void A_folder_that_comes_back_gets_the_lines_that_waited()
    {
        using var log = Open();
        Write(log, "before");
        Directory.Move(_folder.Path, _folder.Path + "-gone");
        try
        {
            Write(log, "waits");
            Assert.True(log.Waiting);
        }
        finally
        {
            Directory.Move(_folder.Path + "-gone", _folder.Path);
        }
        Assert.True(log.Flush());
        Assert.Equal(["before\n", "waits\n"], Logged(LogPath));
        Assert.Equal(0, log.LostLines);
    }

    [Fact]
    public void A_file_that_was_emptied_is_not_rotated_for_what_it_held()
    {
        using var log = Open(maxSize: 1000);
        for (int i = 0; i < 10; i++)
            Write(log, "before");
        using (var file = File.OpenWrite(LogPath))
            file.SetLength(0);
        for (int i = 0; i < 10; i++)
            Write(log, "after");
        Assert.Equal([LogPath], Directory.GetFiles(_folder.Path));
        Assert.Equal(10, Logged(LogPath).Length);
    }

    private JsonFileWriter Open(long maxSize = 0) =>
        new(new LogTarget { Driver = "json-file", Path = LogPath, MaxSize = maxSize, MaxFiles = 3 }, _host, look: TimeSpan.Zero);

    private static void Write(JsonFileWriter log, string line) => log.Feed(LogStream.Stdout, Encoding.ASCII.GetBytes(line + "\n"));

    private static string[] Logged(string path) =>
        [.. File.ReadAllLines(path).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("log").GetString()!)];
}
