using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using Hafen.Daemon.Http.Hijack;
using Hafen.Linux.Sockets;

namespace Hafen.Daemon.Http.Transport;

/// <summary>
/// A connection over TLS. Its keys cannot leave the process, so taking it out makes a socket pair: one end is given away, the other is
/// copied from and to the TLS stream until both directions have ended.
/// </summary>
internal sealed class TlsConnection : PipedConnection
{
    private const int RecordSize = 16 * 1024;
    private static readonly TimeSpan s_handshakeLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_farewellLimit = TimeSpan.FromSeconds(2);

    private readonly Reactor _reactor;
    private readonly SslStream _tls;
    private readonly Task _handshake;
    private readonly Lock _gate = new();
    private SocketStream? _bridge;

    public TlsConnection(Reactor reactor, SocketStream socket, EndPoint? local, EndPoint? remote, SslServerAuthenticationOptions options)
        : base(socket, local, remote)
    {
        _reactor = reactor;
        _tls = new SslStream(socket, leaveInnerStreamOpen: true);
        _handshake = HandshakeAsync(options);
    }

    protected override async Task ReceiveAsync()
    {
        await _handshake;
        byte[] buffer = new byte[RecordSize];
        int read;
        while ((read = await _tls.ReadAsync(buffer)) > 0)
        {
            if (!await DeliverAsync(buffer.AsMemory(0, read)))
                return;
        }
        ReportClientGone();
    }

    protected override async ValueTask SendAsync(ReadOnlyMemory<byte> piece)
    {
        await _handshake;
        await _tls.WriteAsync(piece);
    }

    protected override async ValueTask<HijackedSocket> TakeAsync(Task receiving, PipeReader input, ReadOnlyMemory<byte> head)
    {
        await _tls.WriteAsync(head);
        await Task.Delay(s_headPause, CancellationToken.None);
        var (ours, theirs) = StreamSocket.Pair();
        var bridge = new SocketStream(_reactor, ours);
        byte[] prefix = [];
        try
        {
            lock (_gate)
            {
                if (input.TryRead(out var rest))
                {
                    prefix = rest.Buffer.ToArray();
                    input.AdvanceTo(rest.Buffer.End);
                }
                _bridge = bridge;
                Received.Complete();
            }
        }
        catch
        {
            // The connection broke meanwhile: nobody will use the bridge.
            bridge.Dispose();
            theirs.Dispose();
            throw;
        }
        _ = BridgeAsync(bridge, receiving);
        return new HijackedSocket(theirs, prefix);
    }

    protected override async ValueTask FinishAsync()
    {
        try
        {
            if (_tls.IsAuthenticated)
                await _tls.ShutdownAsync();
        }
        catch (IOException)
        {
            // The peer is gone: nobody is there to be told.
        }
    }

    /// <summary>Passes received bytes to the server, or to whoever took the connection; false when the server wants no more.</summary>
    private async ValueTask<bool> DeliverAsync(ReadOnlyMemory<byte> bytes)
    {
        ValueTask<FlushResult> flushing = default;
        SocketStream? bridge;
        lock (_gate)
        {
            // Under the gate, so that a piece lands wholly before the change to the bridge or wholly behind it.
            bridge = _bridge;
            if (bridge is null)
                flushing = Received.WriteAsync(bytes);
        }
        if (bridge is null)
        {
            var flushed = await flushing;
            return _bridge is not null || !(flushed.IsCompleted || flushed.IsCanceled);
        }
        try
        {
            await bridge.WriteAsync(bytes);
        }
        catch (IOException)
        {
            // The other end of the bridge is closed. What still comes is read and dropped: unread bytes would turn the end of the
            // connection into a reset, which can take the tail of the output with it.
        }
        return true;
    }

    private async Task BridgeAsync(SocketStream bridge, Task receiving)
    {
        var inward = InwardAsync(bridge, receiving);
        try
        {
            byte[] buffer = new byte[RecordSize];
            int read;
            while ((read = await bridge.ReadAsync(buffer)) > 0)
                await _tls.WriteAsync(buffer.AsMemory(0, read));
            await FinishAsync();
            Socket.EndOutput();
            await inward.WaitAsync(s_farewellLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (IOException)
        {
            // One side is gone; the other learns it by the close below.
        }
        Socket.Stop();
        bridge.Stop();
        await inward;
        await _tls.DisposeAsync();
        await Socket.DisposeAsync();
        await bridge.DisposeAsync();
    }

    private static async Task InwardAsync(SocketStream bridge, Task receiving)
    {
        await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        bridge.EndOutput();
    }

    private async Task HandshakeAsync(SslServerAuthenticationOptions options)
    {
        using var limit = new CancellationTokenSource(s_handshakeLimit);
        // The stream below waits for the reactor, which knows no tokens.
        await using var stop = limit.Token.UnsafeRegister(static socket => ((SocketStream)socket!).Stop(), Socket);
        try
        {
            await _tls.AuthenticateAsServerAsync(options, limit.Token);
        }
        catch (Exception exception) when (exception is not IOException)
        {
            throw new IOException(exception.Message, exception);
        }
    }
}
