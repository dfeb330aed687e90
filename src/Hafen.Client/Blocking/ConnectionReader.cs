using System.Text;
using Hafen.Client.Errors;
using Hafen.Linux.Sockets;

namespace Hafen.Client.Blocking;

/// <summary>Buffered reading from a blocking socket: lines for heads and chunk sizes, large reads past the buffer for bodies.</summary>
internal sealed class ConnectionReader(BlockingSocket socket)
{
    private byte[] _buffer = new byte[8 * 1024];
    private int _start;
    private int _end;

    /// <summary>Bytes received but not consumed yet.</summary>
    public ReadOnlySpan<byte> Buffered => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Reads what is there, at most the length of <paramref name="target"/>; 0 at the end of the connection.</summary>
    public int Read(Span<byte> target)
    {
        if (target.IsEmpty)
            return 0;
        if (_start == _end)
        {
            // A large target is filled from the kernel directly: one copy less for archives and streams.
            if (target.Length >= _buffer.Length)
                return socket.Receive(target);
            if (!Fill())
                return 0;
        }

        int count = Math.Min(target.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(target);
        _start += count;
        return count;
    }

    /// <summary>Reads one line without its CRLF; null when the connection ended before its first byte.</summary>
    /// <param name="room">Bytes that may still come in lines; what this one takes is taken off.</param>
    /// <exception cref="ProtocolException">More than that came, or the connection ended in the line.</exception>
    public string? ReadLine(ref int room)
    {
        int searched = 0;
        while (true)
        {
            int at = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                int length = searched + at;
                room -= length + 1;
                if (room < 0)
                    throw TooLong();
                int text = length > 0 && _buffer[_start + length - 1] == '\r' ? length - 1 : length;
                string line = Encoding.UTF8.GetString(_buffer, _start, text);
                _start += length + 1;
                return line;
            }

            searched = _end - _start;
            if (searched > room)
                throw TooLong();
            if (!Fill())
                return searched == 0 ? null : throw new ProtocolException("unexpected EOF");
        }
    }

    private static ProtocolException TooLong() => new("malformed HTTP response: a header line is too long");

    private bool Fill()
    {
        if (_start == _end)
            _start = _end = 0;
        if (_end == _buffer.Length)
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                _end -= _start;
                _start = 0;
            }
            else
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }
        }

        int count = socket.Receive(_buffer.AsSpan(_end));
        _end += count;
        return count > 0;
    }
}
