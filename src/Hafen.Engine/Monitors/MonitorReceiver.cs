using System.Collections.Concurrent;
using Hafen.Linux.Events;

namespace Hafen.Engine.Monitors;

/// <summary>
/// One thread that waits for all monitors' sockets and processes: packet sockets that carry descriptors are not something the framework's own sockets can do.
/// Its callbacks must not block.
/// </summary>
internal sealed class MonitorReceiver : IDisposable
{
    private readonly Epoll _epoll = new();
    private readonly EventDescriptor _wake = new();
    private readonly ConcurrentDictionary<ulong, Action> _watched = [];
    private readonly Thread _thread;
    private ulong _lastToken;
    private volatile bool _stopped;

    public MonitorReceiver()
    {
        _epoll.Add(_wake.Number, Epoll.In, 0);
        _thread = new Thread(Run) { IsBackground = true, Name = "monitors" };
        _thread.Start();
    }

    /// <summary>Calls back each time the descriptor is readable or hung up, until <see cref="Remove"/>.</summary>
    /// <exception cref="Linux.LinuxException">The kernel has no room for it.</exception>
    public ulong Add(int descriptor, Action ready)
    {
        ulong token = Interlocked.Increment(ref _lastToken);
        _watched[token] = ready;
        try
        {
            _epoll.Add(descriptor, Epoll.In, token);
        }
        catch
        {
            _watched.TryRemove(token, out _);
            throw;
        }
        return token;
    }

    /// <summary>Stops watching; to be called before the descriptor is closed.</summary>
    public void Remove(ulong token, int descriptor)
    {
        if (_watched.TryRemove(token, out _))
            _epoll.Remove(descriptor);
    }

    public void Dispose()
    {
        _stopped = true;
        _wake.Signal();
        _thread.Join();
        _wake.Dispose();
        _epoll.Dispose();
    }

    private void Run()
    {
        using var events = new EventList(64);
        while (!_stopped)
        {
            int count = _epoll.Wait(events, -1);
            for (int i = 0; i < count; i++)
            {
                if (_watched.TryGetValue(events[i].data, out var ready))
                    ready();
            }
        }
    }
}
