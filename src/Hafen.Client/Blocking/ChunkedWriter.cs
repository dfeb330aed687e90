using System.Globalization;
using System.Text;

namespace Hafen.Client.Blocking;

/// <summary>Sends a body of unknown length in chunks (RFC 9112 §7.1).</summary>
internal static class ChunkedWriter
{
    private const int ChunkSize = 256 * 1024;

    /// <summary>Room for a chunk's size in hex and its CRLF in front of the data, so that a chunk leaves in one write.</summary>
    private const int Prefix = 10;

    public static void Copy(Stream source, BlockingConnection connection)
    {
        byte[] buffer = new byte[Prefix + ChunkSize + 2];
        int count;
        while ((count = source.Read(buffer, Prefix, ChunkSize)) > 0)
        {
            string size = count.ToString("x8", CultureInfo.InvariantCulture) + "\r\n";
            Encoding.ASCII.GetBytes(size, buffer);
            buffer[Prefix + count] = (byte)'\r';
            buffer[Prefix + count + 1] = (byte)'\n';
            connection.SendAll(buffer.AsSpan(0, Prefix + count + 2));
        }

        connection.SendAll("0\r\n\r\n"u8);
    }
}
