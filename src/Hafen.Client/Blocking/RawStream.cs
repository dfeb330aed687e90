using Hafen.Client.Errors;
using Hafen.Linux;

namespace Hafen.Client.Blocking;

/// <summary>The raw bytes of a hijacked connection. It does not own the connection.</summary>
internal sealed class RawStream(BlockingConnection connection) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return connection.Reader.Read(buffer);
        }
        catch (LinuxException exception)
        {
            throw new ProtocolException(exception.Message);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Reads on the caller's thread; who cancels ends the connection, which wakes it.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return new ValueTask<int>(connection.Cancellable(buffer, (_, target) => Read(target.Span), cancellationToken));
        }
        catch (OperationCanceledException exception)
        {
            return ValueTask.FromCanceled<int>(exception.CancellationToken);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<int>(exception);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            connection.SendAll(buffer);
        }
        catch (LinuxException exception)
        {
            throw new ProtocolException(exception.Message);
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
