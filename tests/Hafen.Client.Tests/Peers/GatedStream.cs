using System.Text;

namespace Hafen.Client.Tests.Peers;

/// <summary>A source that gives its text, and its end only when it is let go.</summary>
internal sealed class GatedStream(string text, SemaphoreSlim gate) : Stream
{
    private bool _given;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (!_given)
        {
            _given = true;
            return Encoding.ASCII.GetBytes(text, buffer.AsSpan(offset, count));
        }
        gate.Wait();
        return 0;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_given)
        {
            _given = true;
            return Encoding.ASCII.GetBytes(text, buffer.Span);
        }
        await gate.WaitAsync(cancellationToken);
        return 0;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
