using System.Text;
using Hafen.Daemon.Lifetime;
using Microsoft.Extensions.Logging;

namespace Hafen.Daemon.Tests.Lifetime;

public sealed class LogSwitchTests
{
    [Fact]
    public void A_line_that_cannot_be_written_breaks_nothing_and_is_counted()
    {
        var target = new FullDisk { IsFull = true };
        using var loggers = new LogSwitch(target, LogLevel.Information);
        var log = loggers.CreateLogger("Hafen.Engine.ContainerEngine");
        Say(log, "one");
        Say(log, "two", new IOException("x"));
        target.IsFull = false;
        Say(log, "three");
        Say(log, "four");
        string[] lines = target.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.EndsWith("level=warning room=LogSwitch msg=\"2 entries could not be written\"", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("level=info room=ContainerEngine msg=\"three\"", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("msg=\"four\"", lines[2], StringComparison.Ordinal);
        target.IsFull = true;
    }

    [Fact]
    public void An_entry_that_cannot_be_formatted_breaks_nothing()
    {
        using var target = new StringWriter();
        using var loggers = new LogSwitch(target, LogLevel.Information);
        loggers.CreateLogger("x").Log(LogLevel.Information, default, 0, null, static (_, _) => throw new FormatException());
        Assert.Empty(target.ToString());
    }

    private static void Say(ILogger log, string text, Exception? exception = null)
        => log.Log(LogLevel.Information, default, text, exception, static (state, _) => state);

    private sealed class FullDisk : StringWriter
    {
        public bool IsFull { get; set; }

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value)
        {
            Refuse();
            base.WriteLine(value);
        }

        public override void Flush() => Refuse();

        private void Refuse()
        {
            if (IsFull)
                throw new IOException("No space left on device");
        }
    }
}
