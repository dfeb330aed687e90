using System.Collections.Concurrent;
using Hafen.Linux.Streams;

namespace Hafen.Daemon.Http.Transport;

/// <summary>One thread that waits for all sockets of the server and lets their owners know. It reads and writes nothing itself.</summary>
internal sealed class Reactor : IDisposable
{
    private readonly ReadinessQueue _queue = new();
    private readonly ConcurrentDictionary<long, Registration> _registrations = new();
    private readonly Thread _thread;
    private long _lastToken;
    private volatile bool _stopped;

    public Reactor()
    {
        _thread = new Thread(Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = "sockets" };
        _thread.Start();
    }

    /// <summary>Number of sockets watched.</summary>
    public int Count => _registrations.Count;

    /// <summary>Begins to report what happens to <paramref name="socket"/>.</summary>
    public Registration Register(StreamSocket socket, Readiness interest)
    {
        long token = Interlocked.Increment(ref _lastToken);
        var registration = new Registration(this, socket, token);
        _registrations[token] = registration;
        try
        {
            _queue.Add(socket, token, interest);
        }
        catch
        {
            _registrations.TryRemove(token, out _);
            throw;
        }
        return registration;
    }

    public void Dispose()
    {
        if (_stopped) return;
        _stopped = true;
        _queue.Wake();
        if (Thread.CurrentThread != _thread) _thread.Join();
        _queue.Dispose();
    }

    private void Run()
    {
        Span<ReadinessEvent> events = stackalloc ReadinessEvent[64];
        while (!_stopped)
        {
            int count = _queue.Wait(events);
            foreach (ref readonly var ready in events[..count])
            {
                // A token that is gone belongs to a socket that was unregistered after the kernel had queued its event.
                if (_registrations.TryGetValue(ready.Token, out var registration)) registration.Report(ready.Ready);
            }
        }
    }

    /// <summary>A socket's place in the reactor.</summary>
    internal sealed class Registration(Reactor reactor, StreamSocket socket, long token)
    {
        private Action? _hungUp;

        /// <summary>Set when reading may succeed, fail or meet the end.</summary>
        public ReadySignal Readable { get; } = new();

        /// <summary>Set when writing may succeed or fail.</summary>
        public ReadySignal Writable { get; } = new();

        /// <summary>Called once when the peer is gone altogether, at once when it is gone already.</summary>
        public void OnHangUp(Action action)
        {
            if (Interlocked.CompareExchange(ref _hungUp, action, null) is not null) action();
        }

        /// <summary>Ends the reports; the socket may leave the process or be closed after it.</summary>
        public void Remove()
        {
            if (reactor._registrations.TryRemove(token, out _) && !reactor._stopped) reactor._queue.Remove(socket);
        }

        internal void Report(Readiness ready)
        {
            if ((ready & (Readiness.HangUp | Readiness.Error)) != 0) Interlocked.Exchange(ref _hungUp, s_gone)?.Invoke();
            if ((ready & ~Readiness.Output) != 0) Readable.Set();
            if ((ready & (Readiness.Output | Readiness.HangUp | Readiness.Error)) != 0) Writable.Set();
        }

        private static readonly Action s_gone = static () => { };
    }
}
