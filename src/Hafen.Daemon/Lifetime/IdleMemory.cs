using Hafen.Daemon.Http.Transport;
using Hafen.Linux.Descriptors;

namespace Hafen.Daemon.Lifetime;

/// <summary>
/// Gives memory back once no request has come for a while. Left alone the collector keeps what the last burst of work needed for as long as the daemon
/// idles, for nothing is allocated then.
/// </summary>
/// <param name="quiet">How long no request must have come.</param>
/// <param name="release">Gives the memory back; <see cref="Release"/> but in tests.</param>
internal sealed class IdleMemory(TimeSpan quiet, Action release) : IDisposable
{
    private readonly Lock _lock = new();
    private Timer? _timer;
    private long _last;
    private bool _disposed;

    public IdleMemory() : this(TimeSpan.FromSeconds(5), Release) { }

    /// <summary>A request has come or was answered.</summary>
    public void Touch()
    {
        Volatile.Write(ref _last, Environment.TickCount64);
        if (_timer is not null) return;
        lock (_lock)
        {
            if (_timer is null && !_disposed) _timer = new Timer(static idle => ((IdleMemory)idle!).Check(), this, quiet, Timeout.InfiniteTimeSpan);
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
            if (_timer is null) return;
            var left = quiet - TimeSpan.FromMilliseconds(Environment.TickCount64 - Volatile.Read(ref _last));
            if (left > TimeSpan.Zero)
            {
                _timer.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }
            _timer.Dispose();
            _timer = null;
        }
        release();
    }

    private static void Release()
    {
        SegmentPool.Instance.Trim();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        ResidentMemory.Trim();
    }
}
