using Hafen.Daemon.Configuration;
using Microsoft.Extensions.Logging;

namespace Hafen.Daemon.Lifetime;

/// <summary>
/// The daemon's log on standard error, one line an entry, with a level that can change while it runs. Logging never throws: what cannot be written (a full disk
/// below the log, a reader that has gone) is no failure of the work it speaks of. How much was lost is said as soon as a line can be written again.
/// </summary>
internal sealed class LogSwitch : ILoggerFactory
{
    private readonly TextWriter _target;
    private readonly Lock _gate = new();
    private long _lost;

    public LogSwitch(TextWriter target, LogLevel level)
    {
        _target = target;
        Level = level;
    }

    /// <summary>Entries below are not written.</summary>
    public LogLevel Level { get; set; }

    /// <exception cref="SettingException">No such level.</exception>
    public static LogLevel ParseLevel(DaemonSettings settings)
    {
        if (settings.Debug)
            return LogLevel.Debug;
        return settings.LogLevel switch
        {
            null or "info" => LogLevel.Information,
            "debug" => LogLevel.Debug,
            "trace" => LogLevel.Trace,
            "warn" or "warning" => LogLevel.Warning,
            "error" => LogLevel.Error,
            "fatal" or "panic" => LogLevel.Critical,
            var other => throw new SettingException($"invalid logging level: {other}"),
        };
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("the daemon's log has one target");

    public void Dispose()
    {
        lock (_gate)
        {
            try
            {
                _target.Flush();
            }
            catch (Exception)
            {
                // There is nobody left to tell.
            }
        }
    }

    private void Write(Func<string> line)
    {
        lock (_gate)
        {
            try
            {
                string text = line();
                if (_lost > 0)
                    _target.WriteLine(Line(LogLevel.Warning, nameof(LogSwitch), $"{_lost} entries could not be written"));
                _target.WriteLine(text);
                _target.Flush();
                _lost = 0;
            }
            catch (Exception)
            {
                _lost++;
            }
        }
    }

    private static string Line(LogLevel level, string room, string message)
        => $"time=\"{DateTimeOffset.Now:yyyy-MM-dd'T'HH:mm:ss.fffffffzzz}\" level={Word(level)} room={room} msg=\"{message.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "fatal",
    };

    private sealed class Category(LogSwitch log, string name) : ILogger
    {
        // Kestrel's own chatter is of interest to its authors; failures of the API are logged by the application above it.
        private readonly LogLevel _floor = name.StartsWith("Microsoft.", StringComparison.Ordinal) ? LogLevel.Warning : LogLevel.Trace;
        private readonly string _room = name[(name.LastIndexOf('.') + 1)..];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= log.Level && logLevel >= _floor && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            log.Write(() =>
            {
                string line = Line(logLevel, _room, formatter(state, exception).ReplaceLineEndings(" "));
                if (exception is null)
                    return line;
                line += $" error=\"{exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}\"";
                return log.Level <= LogLevel.Debug ? line + Environment.NewLine + exception : line;
            });
        }
    }
}
