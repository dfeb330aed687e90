using Hafen.Linux;
using Hafen.Linux.Descriptors;
using Hafen.Linux.Events;
using Hafen.Linux.Sockets;
using Hafen.Monitor.Loop;
using Hafen.Monitor.Protocol;

namespace Hafen.Monitor.Connections;

/// <summary>The daemons that talk to this monitor: usually one, none while it restarts.</summary>
internal sealed class Daemons : IReady
{
    private static readonly TimeSpan s_acknowledgeLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_acceptRetry = TimeSpan.FromSeconds(1);

    private readonly EventLoop _loop;
    private readonly List<DaemonConnection> _connections = [];
    private readonly List<Publication> _published = [];
    private readonly string _path;
    private int _listener = -1;
    private Watch? _listening;
    private uint _lastEvent;

    public Daemons(EventLoop loop, string stateFolder)
    {
        _loop = loop;
        _path = Path.Combine(stateFolder, "monitor.sock");
    }

    /// <summary>Carries out requests.</summary>
    public required IRequests Requests { get; init; }

    /// <summary>Whether any daemon is connected.</summary>
    public bool Any => _connections.Count > 0;

    /// <summary>Whether everything said has left.</summary>
    public bool Flushed => _connections.TrueForAll(c => c.Flushed);

    /// <summary>Takes a connection over and greets.</summary>
    public void Add(int socket)
    {
        var connection = new DaemonConnection(_loop, this, socket);
        _connections.Add(connection);
        var hello = new MessageWriter(MessageType.Hello, 0);
        hello.Write(Requests.Describe());
        connection.Send(hello.Bytes);
    }

    /// <summary>Lets daemons connect.</summary>
    public void Listen()
    {
        _listener = PacketSocket.Listen(_path);
        RawDescriptor.SetNonBlocking(_listener);
        _listening = _loop.Add(_listener, Epoll.In, this);
    }

    /// <summary>
    /// Nobody new can connect. The socket's name stays for the daemon to remove with its folder: it may have started the container again by now, and the name
    /// is then the next monitor's.
    /// </summary>
    public void StopListening()
    {
        if (_listening is null)
            return;
        _loop.Remove(_listening);
        _listening = null;
        RawDescriptor.Close(_listener);
    }

    public void Ready(uint events)
    {
        int accepted = PacketSocket.Accept(_listener);
        if (accepted >= 0)
        {
            Add(accepted);
        }
        else if (accepted is not (-Errno.EAGAIN or -Errno.EINTR) && _listening is not null)
        {
            // No descriptor is left. Whoever wants to connect goes on waiting, and would keep the loop busy.
            _loop.Remove(_listening);
            _loop.After(s_acceptRetry, () =>
            {
                if (_listening is not null)
                    _listening = _loop.Add(_listener, Epoll.In, this);
            });
        }
    }

    /// <summary>
    /// Tells all daemons. <paramref name="done"/> follows when each has dealt with it, at the latest after a second: a client that sees the end of its
    /// stream and then asks the daemon must find the daemon knowing.
    /// </summary>
    public void Publish(MonitorEvent happened, Action? done = null)
    {
        uint number = ++_lastEvent;
        var waiting = done is null ? null : new Publication(number, [.. _connections], done);
        if (waiting is not null)
        {
            _published.Add(waiting);
            waiting.Limit = _loop.After(s_acknowledgeLimit, () => Settle(waiting));
        }
        var message = happened.Encode(number);
        foreach (var connection in _connections.ToArray())
            connection.Send(message.Bytes);
        if (waiting is { Waiting.Count: 0 })
            Settle(waiting);
    }

    public void Handle(DaemonConnection connection, ReadOnlySpan<byte> packet, ReadOnlySpan<int> descriptors)
    {
        try
        {
            var reader = new MessageReader(packet);
            if (reader.Type == MessageType.Acknowledge)
                Acknowledge(connection, reader.Number);
            else
                Requests.Handle(new PendingReply(connection, reader.Number), ref reader, descriptors);
        }
        catch (InvalidDataException)
        {
            // Not our daemon, or one of another version: it must not go on guessing.
            foreach (int descriptor in descriptors)
                RawDescriptor.Close(descriptor);
            connection.Close();
        }
    }

    public void Closed(DaemonConnection connection)
    {
        _connections.Remove(connection);
        foreach (var publication in _published.ToArray())
            Settle(publication, connection);
        Requests.DaemonGone();
    }

    private void Acknowledge(DaemonConnection connection, uint number)
    {
        if (_published.Find(p => p.Number == number) is { } publication)
            Settle(publication, connection);
    }

    private void Settle(Publication publication, DaemonConnection connection)
    {
        publication.Waiting.Remove(connection);
        if (publication.Waiting.Count == 0)
            Settle(publication);
    }

    private void Settle(Publication publication)
    {
        if (!_published.Remove(publication))
            return;
        publication.Limit?.Cancel();
        publication.Done();
    }

    private sealed class Publication(uint number, List<DaemonConnection> waiting, Action done)
    {
        public uint Number { get; } = number;
        public List<DaemonConnection> Waiting { get; } = waiting;
        public Action Done { get; } = done;
        public Deadline? Limit { get; set; }
    }
}
