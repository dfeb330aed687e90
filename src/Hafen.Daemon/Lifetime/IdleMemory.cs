using Hafen.Daemon.Http.Transport;
using Hafen.Linux.Descriptors;

namespace Hafen.Daemon.Lifetime;

/// <summary>
/// Gives memory back once no request has come for a while, and now and then while only few come: a monitor that asks once a second is no work.
/// Left alone the collector keeps what the last burst of work needed for as long as the daemon idles, for nothing, or next to nothing, is allocated then.
/// </summary>
/// <param name="quiet">How long no request must have come.</param>
/// <param name="polled">How long only few must have come.</param>
/// <param name="release">Gives the memory back; <see cref="Release"/> but in tests.</param>
/// <param name="time">The clock.</param>
internal sealed class IdleMemory(TimeSpan quiet, TimeSpan polled, Action release, TimeProvider time) : IDisposable
{
    /// <summary>Touches, two for each request, that are few.</summary>
    private const int FewPerSecond = 40;

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private long _last;
    private long _begun;
    private int _touches;
    private bool _disposed;

    public IdleMemory() : this(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), Release, TimeProvider.System) { }

    /// <summary>A request has come or was answered.</summary>
    public void Touch()
    {
        Volatile.Write(ref _last, time.GetTimestamp());
        Interlocked.Increment(ref _touches);
        if (_timer is not null)
            return;
        lock (_lock)
        {
            if (_timer is not null || _disposed)
                return;
            _begun = time.GetTimestamp();
            _touches = 1;
            _timer = time.CreateTimer(static idle => ((IdleMemory)idle!).Check(), this, Sooner(quiet, polled), Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void Check()
    {
        lock (_lock)
        {
            if (_timer is null)
                return;
            var untilQuiet = quiet - Since(Volatile.Read(ref _last));
            var untilPolled = polled - Since(_begun);
            if (untilQuiet <= TimeSpan.Zero)
            {
                _timer.Dispose();
                _timer = null;
            }
            else if (untilPolled <= TimeSpan.Zero)
            {
                bool few = Volatile.Read(ref _touches) <= FewPerSecond * Since(_begun).TotalSeconds;
                _begun = time.GetTimestamp();
                Volatile.Write(ref _touches, 0);
                _timer.Change(Sooner(untilQuiet, polled), Timeout.InfiniteTimeSpan);
                if (!few)
                    return;
            }
            else
            {
                _timer.Change(Sooner(untilQuiet, untilPolled), Timeout.InfiniteTimeSpan);
                return;
            }
        }
        release();
    }

    private TimeSpan Since(long timestamp) => time.GetElapsedTime(timestamp);

    private static TimeSpan Sooner(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static void Release()
    {
        SegmentPool.Instance.Trim();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        ResidentMemory.Trim();
    }
}
