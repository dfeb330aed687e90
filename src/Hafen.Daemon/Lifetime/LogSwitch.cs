using Hafen.Daemon.Configuration;
using Microsoft.Extensions.Logging;

namespace Hafen.Daemon.Lifetime;

/// <summary>The daemon's log on standard error, one line an entry, with a level that can change while it runs.</summary>
internal sealed class LogSwitch : ILoggerFactory
{
    private readonly TextWriter _target;
    private readonly Lock _gate = new();

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
        if (settings.Debug) return LogLevel.Debug;
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

    public void Dispose() => _target.Flush();

    private void Write(string line)
    {
        lock (_gate)
        {
            _target.WriteLine(line);
            _target.Flush();
        }
    }

    private sealed class Category(LogSwitch log, string name) : ILogger
    {
        // Kestrel's own chatter is of interest to its authors; failures of the API are logged by the application above it.
        private readonly LogLevel _floor = name.StartsWith("Microsoft.", StringComparison.Ordinal) ? LogLevel.Warning : LogLevel.Trace;
        private readonly string _room = name[(name.LastIndexOf('.') + 1)..];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= log.Level && logLevel >= _floor && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            string text = formatter(state, exception).ReplaceLineEndings(" ");
            string trace = exception is null ? "" : $" error=\"{exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}\"";
            log.Write($"time=\"{DateTimeOffset.Now:yyyy-MM-dd'T'HH:mm:ss.fffffffzzz}\" level={Word(logLevel)} room={_room} msg=\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"{trace}");
            if (exception is not null && log.Level <= LogLevel.Debug) log.Write(exception.ToString());
        }

        private static string Word(LogLevel level) => level switch
        {
            LogLevel.Trace => "trace",
            LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warning",
            LogLevel.Error => "error",
            _ => "fatal",
        };
    }
}
