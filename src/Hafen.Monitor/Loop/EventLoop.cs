using Hafen.Linux.Descriptors;
using Hafen.Linux.Events;

namespace Hafen.Monitor.Loop;

/// <summary>
/// The monitor's only loop: descriptors and deadlines, on one thread. Level-triggered, so a handler may leave work for the next round.
/// </summary>
public sealed class EventLoop : IDisposable
{
    private const int IdleMilliseconds = 250;
    private const int ScratchSize = 256 * 1024;

    private readonly Epoll _epoll = new();
    private readonly EventList _events = new(32);
    private readonly Dictionary<uint, Watch> _watches = [];
    private readonly List<Deadline> _deadlines = [];
    private readonly MappedMemory _scratch = new(ScratchSize);
    private uint _lastToken;
    private bool _stopped;
    private bool _warm;
    private bool _cold;
    private ResidentMemory? _resident;

    /// <summary>
    /// Called when nothing has happened for a quarter of a second after something had: the moment to give memory back. Not called again before the next event,
    /// unless it says that it had much to do.
    /// </summary>
    public Func<bool>? Idle { get; set; }

    /// <summary>Called after each round of handlers.</summary>
    public Action? Handled { get; set; }

    /// <summary>From now on long waits give the program's own pages back. To be called when everything the loop needs has been loaded.</summary>
    public void KeepSmall()
    {
        _resident ??= new ResidentMemory();
        ResidentMemory.Trim();
    }

    /// <summary>Memory for a handler's reads, its own until it returns.</summary>
    public Span<byte> Scratch => _scratch.Span;

    /// <summary>Watches a descriptor; errors and hang-ups are reported even when <paramref name="events"/> is 0.</summary>
    public Watch Add(int descriptor, uint events, IReady target)
    {
        while (!_watches.TryAdd(++_lastToken, null!))
        {
        }
        var watch = new Watch(descriptor, events, target, _lastToken);
        try
        {
            _epoll.Add(descriptor, events, watch.Token);
        }
        catch
        {
            _watches.Remove(_lastToken);
            throw;
        }
        _watches[_lastToken] = watch;
        return watch;
    }

    /// <summary>Changes what is watched.</summary>
    public void Change(Watch watch, uint events)
    {
        if (watch.Events == events)
            return;
        watch.Events = events;
        _epoll.Modify(watch.Descriptor, events, watch.Token);
    }

    /// <summary>Stops watching; to be called before the descriptor is closed. Reports already collected are dropped.</summary>
    public void Remove(Watch watch)
    {
        if (_watches.Remove((uint)watch.Token))
            _epoll.Remove(watch.Descriptor);
    }

    /// <summary>Does something later.</summary>
    public Deadline After(TimeSpan delay, Action action)
    {
        var deadline = new Deadline(Environment.TickCount64 + (long)delay.TotalMilliseconds, action);
        _deadlines.Add(deadline);
        return deadline;
    }

    /// <summary>Ends <see cref="Run"/> after the handler that runs.</summary>
    public void Stop() => _stopped = true;

    /// <summary>Runs until <see cref="Stop"/>.</summary>
    public void Run()
    {
        while (!_stopped)
            RunOnce();
    }

    /// <summary>Waits once and handles what came.</summary>
    public void RunOnce()
    {
        int timeout = Timeout();
        bool idleWait = _warm && (timeout < 0 || timeout > IdleMilliseconds);
        int count = _cold && _resident is not null
            ? _epoll.WaitCold(_events, timeout, _resident)
            : _epoll.Wait(_events, idleWait ? IdleMilliseconds : timeout);
        if (count > 0)
            _cold = false;
        if (count == 0 && idleWait)
        {
            _scratch.Release();

            // What the idle handler did, the runtime's finalizers may still have to follow up; the long wait begins after another quiet while.
            _warm = Idle?.Invoke() ?? false;
            _cold = !_warm;
        }
        for (int i = 0; i < count && !_stopped; i++)
        {
            var report = _events[i];
            if (_watches.TryGetValue((uint)report.data, out var watch))
            {
                _warm = true;
                watch.Target.Ready(report.events);
            }
        }
        RunDeadlines();
        if (count > 0)
            Handled?.Invoke();
    }

    public void Dispose()
    {
        _epoll.Dispose();
        _events.Dispose();
        _scratch.Dispose();
    }

    private int Timeout()
    {
        long next = long.MaxValue;
        foreach (var deadline in _deadlines)
        {
            if (!deadline.Cancelled)
                next = Math.Min(next, deadline.Due);
        }
        return next == long.MaxValue ? -1 : (int)Math.Clamp(next - Environment.TickCount64, 0, int.MaxValue);
    }

    private void RunDeadlines()
    {
        if (_deadlines.Count == 0)
            return;
        long now = Environment.TickCount64;
        for (int i = 0; i < _deadlines.Count && !_stopped;)
        {
            var deadline = _deadlines[i];
            if (!deadline.Cancelled && deadline.Due > now)
            {
                i++;
                continue;
            }

            // Removed before it runs: the action may set deadlines of its own.
            _deadlines.RemoveAt(i);
            if (!deadline.Cancelled)
            {
                _warm = true;
                _cold = false;
                deadline.Action();
            }
        }
    }
}
