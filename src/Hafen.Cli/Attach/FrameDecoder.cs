using System.Buffers.Binary;
using System.Text;

namespace Hafen.Cli.Attach;

/// <summary>
/// Takes apart the multiplexed stream of attach, exec and logs: frames of an 8-byte head (stream, three zeros, big-endian length)
/// and a payload. Neighbouring payloads of one stream are moved together, so that many small frames cost one write.
/// </summary>
internal sealed class FrameDecoder(IFrameSink sink)
{
    private const int HeadLength = 8;
    private readonly byte[] head = new byte[HeadLength];
    private readonly List<byte> failure = [];
    private int headCount;
    private int remaining;
    private byte stream;

    /// <summary>Decodes one chunk; it is overwritten meanwhile.</summary>
    /// <exception cref="IOException">The daemon reports an error in the stream, or the stream has no frames.</exception>
    public void Decode(Span<byte> chunk)
    {
        var position = 0;
        int runStart = 0, runEnd = 0;
        byte runStream = 0;
        while (position < chunk.Length)
        {
            if (remaining == 0)
            {
                position += ReadHead(chunk[position..]);
                continue;
            }

            var count = Math.Min(remaining, chunk.Length - position);
            if (runStream != stream || runStart == runEnd)
            {
                Flush(chunk, runStream, runStart, runEnd);
                runStream = stream;
                runStart = runEnd = position;
            }

            if (runEnd != position) chunk.Slice(position, count).CopyTo(chunk[runEnd..]);
            runEnd += count;
            position += count;
            remaining -= count;
            if (stream == 3 && remaining == 0) Fail(chunk, runStart, runEnd);
        }

        Flush(chunk, runStream, runStart, runEnd);
    }

    private int ReadHead(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(HeadLength - headCount, bytes.Length);
        bytes[..count].CopyTo(head.AsSpan(headCount));
        headCount += count;
        if (headCount < HeadLength) return count;
        headCount = 0;
        stream = head[0];
        if (stream > 3) throw new IOException($"unrecognized stream: {stream}");
        remaining = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4));
        return remaining < 0 ? throw new IOException("invalid frame length in the stream") : count;
    }

    private void Flush(Span<byte> chunk, byte which, int from, int to)
    {
        if (from == to) return;
        if (which == 3) failure.AddRange(chunk[from..to]);
        else sink.Write(which, chunk[from..to]);
    }

    private void Fail(Span<byte> chunk, int from, int to)
    {
        failure.AddRange(chunk[from..to]);
        throw new IOException($"error from daemon in stream: {Encoding.UTF8.GetString([.. failure])}");
    }
}
