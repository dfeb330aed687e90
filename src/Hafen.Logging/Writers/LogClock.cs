using Hafen.Linux.Events;

namespace Hafen.Logging.Writers;

/// <summary>
/// Times of log lines. The clock is read once a batch; lines of one batch are a nanosecond apart, so every line has a time of its own and the
/// times rise, which is what readers resume by.
/// </summary>
internal sealed class LogClock
{
    private long _last;

    /// <summary>A batch has been read now.</summary>
    public void Tick() => _last = Math.Max(_last, WallClock.Now - 1);

    /// <summary>Time of the next line, nanoseconds since 1970.</summary>
    public long Next() => ++_last;
}
