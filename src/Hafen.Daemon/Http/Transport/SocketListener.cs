using System.Net;
using Hafen.Linux;
using Hafen.Linux.Events;
using Hafen.Linux.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Hafen.Daemon.Http.Transport;

/// <summary>Accepts the connections of one <see cref="ApiEndPoint"/>.</summary>
internal sealed partial class SocketListener : IConnectionListener
{
    private static readonly TimeSpan s_shortagePause = TimeSpan.FromMilliseconds(100);

    private readonly Reactor _reactor;
    private readonly StreamSocket _socket;
    private readonly Reactor.Registration _registration;
    private readonly ApiEndPoint _endPoint;
    private readonly ILogger _logger;
    private readonly EndPoint? _local;
    private volatile bool _stopped;
    private bool _short;
    private int _disposed;

    public SocketListener(Reactor reactor, ApiEndPoint endPoint, StreamSocket socket, ILogger logger)
    {
        _reactor = reactor;
        _endPoint = endPoint;
        _socket = socket;
        _logger = logger;
        _local = socket.LocalEndPoint;
        _registration = reactor.Register(socket, Epoll.In);
    }

    public EndPoint EndPoint => _endPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (!_stopped)
        {
            try
            {
                if (_socket.TryAccept(out var remote) is { } accepted)
                    return Open(accepted, remote);
                // Nobody waits any more: the next shortage is another one.
                _short = false;
                await _registration.Readable.WaitAsync();
            }
            catch (LinuxException exception)
            {
                // Out of descriptors or memory: connections wait in the backlog until something is freed. The event does not come again.
                if (!_short)
                    Shortage(exception.Message);
                _short = true;
                await Task.Delay(s_shortagePause, CancellationToken.None);
            }
        }
        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _stopped = true;
        _registration.Readable.Set();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _stopped = true;
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _registration.Remove();
            _registration.Readable.Set();
            _socket.Dispose();
        }
        return ValueTask.CompletedTask;
    }

    private PipedConnection Open(StreamSocket accepted, IPEndPoint? remote)
    {
        SocketStream stream;
        try
        {
            stream = new SocketStream(_reactor, accepted);
        }
        catch
        {
            accepted.Dispose();
            throw;
        }
        PipedConnection connection = _endPoint.Tls is { } tls
            ? new TlsConnection(_reactor, stream, _local, remote, tls)
            : new SocketConnection(stream, _local, remote);
        connection.Start();
        return connection;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "cannot accept a connection: {Reason}")]
    private partial void Shortage(string reason);
}
