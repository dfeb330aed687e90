using Hafen.Monitor.Containers;
using Hafen.Monitor.Protocol;

namespace Hafen.Monitor.Tests.Containers;

public sealed class ExitFileTests : IDisposable
{
    private static readonly DateTimeOffset s_time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1234567);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, """{"exitCode":137,"oomKilled":true,"finishedAt":"2026-01-02T03:04:05.1234567Z"}""")]
    [InlineData(7, """{"exitCode":137,"oomKilled":true,"finishedAt":"2026-01-02T03:04:05.1234567Z","lostLogLines":7}""")]
    public void What_was_written_is_read(long lost, string text)
    {
        var exited = new MonitorExited { ExitCode = 137, OomKilled = true, FinishedAt = s_time, LostLogLines = lost };
        ExitFile.Write(_folder.Path, exited);
        Assert.Equal(text + "\n", File.ReadAllText(_folder["exit"]));
        Assert.Equal(exited, ExitFile.Read(_folder.Path));
    }
}
