using Hafen.Linux;
using Hafen.Linux.Events;
using Hafen.Linux.Sockets;

namespace Hafen.Daemon.Http.Transport;

/// <summary>
/// A registered socket as a <see cref="Stream"/>: reads and writes at once when the kernel lets it, else waits for the reactor.
/// One reader and one writer at a time. Disposing closes this descriptor and nothing else.
/// </summary>
internal sealed class SocketStream : Stream
{
    private readonly StreamSocket _socket;
    private readonly Reactor.Registration _registration;
    private volatile bool _readStopped;
    private volatile bool _writeStopped;
    private int _released;

    public SocketStream(Reactor reactor, StreamSocket socket)
    {
        _socket = socket;
        _registration = reactor.Register(socket, Epoll.In | Epoll.Out | Epoll.ReadHangUp);
    }

    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc cref="Reactor.Registration.OnGone"/>
    public void OnGone(Action action) => _registration.OnGone(action);

    /// <summary>Waits until a read may be worthwhile; false after <see cref="StopReading"/>. Keeps idle connections free of buffers.</summary>
    public async ValueTask<bool> WaitReadableAsync()
    {
        if (!_readStopped)
            await _registration.Readable.WaitAsync();
        return !_readStopped;
    }

    /// <summary>Makes present and later waits fail: nothing is read or written any more.</summary>
    public void Stop()
    {
        _writeStopped = true;
        _registration.Writable.Set();
        StopReading();
    }

    /// <summary>Reads what is there: the count, 0 at the end, <see cref="StreamSocket.WouldBlock"/>.</summary>
    /// <exception cref="IOException">The connection is broken.</exception>
    public int TryRead(Span<byte> buffer)
    {
        try
        {
            return _socket.TryRead(buffer);
        }
        catch (LinuxException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <summary>Ends a wait for input, now and for ever; what the kernel holds stays there.</summary>
    public void StopReading()
    {
        _readStopped = true;
        _registration.Readable.Set();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;
        while (true)
        {
            int read = TryRead(buffer.Span);
            if (read != StreamSocket.WouldBlock)
                return read;
            if (!await WaitReadableAsync())
                return 0;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            if (_writeStopped)
                throw new IOException("the connection was aborted");
            int written = TryWrite(buffer.Span);
            if (written == StreamSocket.WouldBlock)
                await _registration.Writable.WaitAsync();
            else
                buffer = buffer[written..];
        }
    }

    /// <summary>Waits until the peer of a unix socket has read everything that was written, is gone, or <paramref name="limit"/> is over.</summary>
    public async ValueTask WaitReadByPeerAsync(TimeSpan limit)
    {
        if (_socket.PeerHasRead)
            return;
        using var over = new CancellationTokenSource(limit);
        using var wake = over.Token.UnsafeRegister(static signal => ((ReadySignal)signal!).Set(), _registration.Writable);
        while (!_writeStopped && !over.IsCancellationRequested && !_socket.PeerHasRead)
            await _registration.Writable.WaitAsync();
    }

    /// <summary>Ends the output half.</summary>
    public void EndOutput() => _socket.EndOutput();

    /// <summary>Takes the descriptor out: this stream can no longer be used, and nothing has been done to the connection.</summary>
    public StreamSocket Release()
    {
        ObjectDisposedException.ThrowIf(Interlocked.Exchange(ref _released, 1) != 0, this);
        _registration.Remove();
        return _socket;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _released, 1) == 0)
        {
            _registration.Remove();
            _socket.Dispose();
        }
        base.Dispose(disposing);
    }

    public override void Flush() { }
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    private int TryWrite(ReadOnlySpan<byte> buffer)
    {
        try
        {
            return _socket.TryWrite(buffer);
        }
        catch (LinuxException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }
}
