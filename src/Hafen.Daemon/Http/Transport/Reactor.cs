using System.Collections.Concurrent;
using Hafen.Linux.Events;
using Hafen.Linux.Sockets;

namespace Hafen.Daemon.Http.Transport;

/// <summary>One thread that waits for all sockets of the server and lets their owners know. It reads and writes nothing itself.</summary>
internal sealed class Reactor : IDisposable
{
    private const uint Gone = Epoll.HangUp | Epoll.Error;
    private const int BatchSize = 64;
    private const ulong WakeToken = 0;

    private readonly Epoll _epoll = new();
    private readonly EventDescriptor _wake = new();
    private readonly ConcurrentDictionary<ulong, Registration> _registrations = new();
    private readonly Thread _thread;
    private ulong _lastToken = WakeToken;
    private volatile bool _stopped;

    public Reactor()
    {
        _epoll.Add(_wake.Number, Epoll.In, WakeToken);
        _thread = new Thread(Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = "sockets" };
        _thread.Start();
    }

    /// <summary>Number of sockets watched.</summary>
    public int Count => _registrations.Count;

    /// <summary>Begins to report what happens to <paramref name="socket"/>, beginning with its present state.</summary>
    /// <param name="interest">Bits of <see cref="Epoll"/>.</param>
    public Registration Register(StreamSocket socket, uint interest)
    {
        ulong token = Interlocked.Increment(ref _lastToken);
        var registration = new Registration(this, socket, token);
        _registrations[token] = registration;
        try
        {
            _epoll.Add(socket.Descriptor, interest | Epoll.EdgeTriggered, token);
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
        if (_stopped)
            return;
        _stopped = true;
        _wake.Signal();
        _thread.Join();
        _epoll.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        using var events = new EventList(BatchSize);
        while (!_stopped)
        {
            int count = _epoll.Wait(events, timeout: -1);
            for (int i = 0; i < count; i++)
            {
                var report = events[i];
                // A token that is gone belongs to a socket that was removed after the kernel had queued its report.
                if (_registrations.TryGetValue(report.data, out var registration))
                    registration.Report(report.events);
            }
        }
    }

    /// <summary>A socket's place in the reactor.</summary>
    internal sealed class Registration(Reactor reactor, StreamSocket socket, ulong token)
    {
        private static readonly Action s_reported = static () => { };

        private Action? _onGone;

        /// <summary>Set when reading may succeed, fail or meet the end.</summary>
        public ReadySignal Readable { get; } = new();

        /// <summary>Set when writing may succeed or fail.</summary>
        public ReadySignal Writable { get; } = new();

        /// <summary>Calls <paramref name="action"/> once when the peer is gone altogether, at once when it is gone already.</summary>
        public void OnGone(Action action)
        {
            if (Interlocked.CompareExchange(ref _onGone, action, null) is not null)
                action();
        }

        /// <summary>
        /// Ends the reports. Needed before a descriptor leaves this process: epoll watches the open file, which lives on in the copy.
        /// </summary>
        public void Remove()
        {
            if (reactor._registrations.TryRemove(token, out _) && !reactor._stopped)
                reactor._epoll.Remove(socket.Descriptor);
        }

        internal void Report(uint ready)
        {
            if ((ready & Gone) != 0)
                Interlocked.Exchange(ref _onGone, s_reported)?.Invoke();
            if ((ready & ~Epoll.Out) != 0)
                Readable.Set();
            if ((ready & (Epoll.Out | Gone)) != 0)
                Writable.Set();
        }
    }
}
