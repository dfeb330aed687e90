using System.IO.Compression;
using System.Security.Cryptography;

namespace Hafen.Snapshots.Pipelines;

/// <summary>
/// Reads gzip members to the end of a stream and notices when the data stops short, which GZipStream does not tell: a small member of our own
/// is put behind the data, and only if the data was complete does the decoder arrive at it.
/// </summary>
internal sealed class GzipDecoder : IDisposable
{
    private static readonly byte[] s_mark = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] s_markMember = Compress(s_mark);

    private readonly GZipStream _gzip;
    private Block? _held;

    public GzipDecoder(Stream source) => _gzip = new GZipStream(new MarkedStream(source), CompressionMode.Decompress);

    /// <summary>Fills the block; a block that is not full is the last one.</summary>
    /// <exception cref="InvalidDataException">The data is damaged or truncated.</exception>
    public void Fill(Block block)
    {
        int count;
        do
        {
            count = _gzip.Read(block.Free);
            block.Length += count;
        }
        while (count > 0 && block.Length < Block.Capacity);
    }

    /// <summary>Decodes everything.</summary>
    public void Run(BlockQueue output)
    {
        while (true)
        {
            var block = output.Pool.Rent();
            try
            {
                Fill(block);
                if (block.Length < Block.Capacity)
                    TakeMarkOff(block);
            }
            catch
            {
                block.Recycle();
                throw;
            }

            bool last = block.Length < Block.Capacity;
            if (_held is { } held)
            {
                _held = null;
                output.Add(held);
            }

            if (!last)
            {
                _held = block;
                continue;
            }

            if (block.Length > 0)
                output.Add(block);
            else
                block.Recycle();
            return;
        }
    }

    public void Dispose()
    {
        _held?.Recycle();
        _gzip.Dispose();
    }

    private void TakeMarkOff(Block last)
    {
        int here = Math.Min(last.Length, s_mark.Length);
        int before = s_mark.Length - here;
        bool complete = last.Filled[(last.Length - here)..].SequenceEqual(s_mark.AsSpan(before))
            && (before == 0 || (_held is not null && _held.Filled[(_held.Length - before)..].SequenceEqual(s_mark.AsSpan(0, before))));
        if (!complete)
            throw new InvalidDataException("it is truncated or followed by other data");
        last.Length -= here;
        if (before > 0)
            _held!.Length -= before;
    }

    private static byte[] Compress(byte[] content)
    {
        using MemoryStream target = new();
        using (GZipStream gzip = new(target, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return target.ToArray();
    }

    private sealed class MarkedStream(Stream source) : Stream
    {
        private int _markRead = -1;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            if (_markRead < 0)
            {
                int count = source.Read(buffer);
                if (count > 0)
                    return count;
                _markRead = 0;
            }

            int rest = Math.Min(buffer.Length, s_markMember.Length - _markRead);
            s_markMember.AsSpan(_markRead, rest).CopyTo(buffer);
            _markRead += rest;
            return rest;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
