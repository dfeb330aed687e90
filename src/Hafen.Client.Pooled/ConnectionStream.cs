using System.Net.Security;
using System.Net.Sockets;

namespace Hafen.Client.Pooled;

/// <summary>
/// A connection below the framework's client that lets us take over its sending side: from then on what the client writes is dropped, and what
/// is written to <see cref="Connection"/> is ours. Receiving stays the client's, and where it ends so does the client's say: the other direction may go on.
/// </summary>
/// <param name="connection">What is read and written, above TLS.</param>
/// <param name="socket">What carries it.</param>
internal sealed class ConnectionStream(Stream connection, Socket? socket) : Stream
{
    private volatile bool _taken;
    private volatile bool _ended;

    /// <summary>The connection itself, above TLS.</summary>
    public Stream Connection => connection;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Nothing of the client's is sent any more.</summary>
    public void TakeSending() => _taken = true;

    /// <summary>Ends both directions.</summary>
    public void End() => connection.Dispose();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int count = connection.Read(buffer);
        _ended |= count == 0 && !buffer.IsEmpty;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await connection.ReadAsync(buffer, cancellationToken);
        _ended |= count == 0 && !buffer.IsEmpty;
        return count;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!_taken)
            connection.Write(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => _taken ? ValueTask.CompletedTask : connection.WriteAsync(buffer, cancellationToken);

    public override void Flush() => connection.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => _taken ? Task.CompletedTask : connection.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Ends our direction: the peer reads the rest and then the end, and may go on sending.</summary>
    public async ValueTask CloseSendingAsync()
    {
        try
        {
            if (connection is SslStream tls)
                await tls.ShutdownAsync();
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The peer, or we, have ended the whole connection before.
        }
        try
        {
            // TLS says it, too; but that is lost where its record is made in the moment in which another thread reads.
            socket?.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !(_taken && _ended))
            End();
        base.Dispose(disposing);
    }
}
