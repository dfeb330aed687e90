using System.Text;
using Hafen.Client.Errors;
using Hafen.Linux.Sockets;

namespace Hafen.Client.Http;

/// <summary>Buffered reading from a blocking socket: lines for heads and chunk sizes, large reads past the buffer for bodies.</summary>
internal sealed class ConnectionReader(BlockingSocket socket)
{
    private const int MaximumLine = 64 * 1024;
    private byte[] buffer = new byte[8 * 1024];
    private int start;
    private int end;

    /// <summary>Bytes received but not consumed yet.</summary>
    public ReadOnlySpan<byte> Buffered => buffer.AsSpan(start, end - start);

    /// <summary>Reads what is there, at most the length of <paramref name="target"/>; 0 at the end of the connection.</summary>
    public int Read(Span<byte> target)
    {
        if (target.IsEmpty) return 0;
        if (start == end)
        {
            // A large target is filled from the kernel directly: one copy less for archives and streams.
            if (target.Length >= buffer.Length) return socket.Receive(target);
            if (!Fill()) return 0;
        }

        var count = Math.Min(target.Length, end - start);
        buffer.AsSpan(start, count).CopyTo(target);
        start += count;
        return count;
    }

    /// <summary>Reads one line without its CRLF; null when the connection ended before its first byte.</summary>
    public string? ReadLine()
    {
        var searched = 0;
        while (true)
        {
            var at = buffer.AsSpan(start + searched, end - start - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var length = searched + at;
                var text = length > 0 && buffer[start + length - 1] == '\r' ? length - 1 : length;
                var line = Encoding.UTF8.GetString(buffer, start, text);
                start += length + 1;
                return line;
            }

            searched = end - start;
            if (searched > MaximumLine) throw new ProtocolException("malformed HTTP response: a header line is too long");
            if (!Fill())
                return searched == 0 ? null : throw new ProtocolException("unexpected EOF");
        }
    }

    private bool Fill()
    {
        if (start == end) start = end = 0;
        if (end == buffer.Length)
        {
            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                end -= start;
                start = 0;
            }
            else
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }

        var count = socket.Receive(buffer.AsSpan(end));
        end += count;
        return count > 0;
    }
}
