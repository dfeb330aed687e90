using Hafen.Linux;
using Hafen.Linux.Descriptors;
using Hafen.Linux.Events;

namespace Hafen.Cli.Session;

/// <summary>The standard input as a stream, for request bodies.</summary>
internal sealed class InputStream(int descriptor) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            int count = RawDescriptor.Read(descriptor, buffer);
            if (count >= 0)
                return count;
            if (count == -Errno.EAGAIN)
                Poll.Wait([new PollEntry(descriptor, Poll.In)], -1);
            else if (count != -Errno.EINTR)
                throw new IOException($"read: {Errno.Text(-count)}");
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
