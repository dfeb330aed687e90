using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Hafen.Daemon.Http.Hijack;
using Hafen.Linux.Sockets;

namespace Hafen.Daemon.Http.Transport;

/// <summary>A plain connection over a unix or TCP socket. Its descriptor can leave the process.</summary>
internal sealed class SocketConnection(SocketStream socket, EndPoint? local, EndPoint? remote) : PipedConnection(socket, local, remote)
{
    // Below this the rest of a pipe segment is not worth a call.
    private const int MinRead = 2048;

    private readonly bool _isTcp = remote is not null;

    protected override async Task ReceiveAsync()
    {
        while (await Socket.WaitReadableAsync())
        {
            // Edge-triggered: read until the kernel has nothing more, else the end of input may never be reported.
            while (true)
            {
                int read = Socket.TryRead(Received.GetMemory(MinRead).Span);
                if (read == StreamSocket.WouldBlock)
                    break;
                if (read == 0)
                {
                    if (_isTcp)
                        ReportClientGone();
                    return;
                }
                Received.Advance(read);
                var flushed = await Received.FlushAsync();
                if (flushed.IsCompleted || flushed.IsCanceled)
                    return;
            }
        }
    }

    protected override ValueTask SendAsync(ReadOnlyMemory<byte> piece) => Socket.WriteAsync(piece);

    protected override async ValueTask<HijackedSocket> TakeAsync(Task receiving, PipeReader input, ReadOnlyMemory<byte> head)
    {
        Socket.StopReading();
        Received.CancelPendingFlush();
        await receiving.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        byte[] prefix = [];
        if (input.TryRead(out var rest))
        {
            prefix = rest.Buffer.ToArray();
            input.AdvanceTo(rest.Buffer.End);
        }
        await Socket.WriteAsync(head);
        if (_isTcp)
            await Task.Delay(s_headPause, CancellationToken.None);
        else
            await Socket.WaitReadByPeerAsync(s_headLimit);
        // The reactor's thread has better things to do than to go on with the request.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return new HijackedSocket(Socket.Release(), prefix);
    }
}
