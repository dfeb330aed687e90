using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Hafen.Client.Tests.Peers;

/// <summary>The peer's side of one connection.</summary>
internal sealed class RawConnection(Stream stream, Socket socket) : IDisposable
{
    private readonly List<byte> _received = [];

    /// <summary>Reads one request with a body of known length.</summary>
    /// <returns>Head and body; empty when the client closed.</returns>
    public string ReadRequest()
    {
        while (true)
        {
            string text = Encoding.Latin1.GetString([.. _received]);
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                int marker = text.IndexOf("Content-Length: ", StringComparison.Ordinal);
                int length = marker < 0 || marker > end ? 0 : int.Parse(text.AsSpan(marker + 16, text.IndexOf('\r', marker) - marker - 16));
                if (text.Length >= end + 4 + length)
                {
                    _received.RemoveRange(0, end + 4 + length);
                    return text[..(end + 4 + length)];
                }
            }

            if (!Receive())
                return "";
        }
    }

    /// <summary>Reads to the end of the client's direction.</summary>
    public string ReadAll()
    {
        while (Receive())
        {
        }
        return Encoding.Latin1.GetString([.. _received]);
    }

    /// <summary>Reads until the text is there.</summary>
    public string ReadUntil(string marker)
    {
        while (true)
        {
            string text = Encoding.Latin1.GetString([.. _received]);
            if (text.Contains(marker, StringComparison.Ordinal) || !Receive())
                return text;
        }
    }

    /// <summary>Waits until the client has ended the connection, however.</summary>
    public void WaitForEnd()
    {
        try
        {
            ReadAll();
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // Reset: ended as well.
        }
    }

    public void Write(string text) => stream.Write(Encoding.Latin1.GetBytes(text));

    /// <summary>One byte a write, to try every border.</summary>
    public void Dribble(string text)
    {
        foreach (char letter in text)
            Write(letter.ToString());
    }

    /// <summary>Writes the same again and again until the client takes no more.</summary>
    public void WriteForEver(string text)
    {
        while (true)
            Write(text);
    }

    public void Json(string body, int status = 200)
        => Write($"HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    /// <summary>Ends our direction only.</summary>
    public void CloseSend()
    {
        if (stream is SslStream tls)
            tls.ShutdownAsync().GetAwaiter().GetResult();
        else
            socket.Shutdown(SocketShutdown.Send);
    }

    public void Dispose() => stream.Dispose();

    private bool Receive()
    {
        byte[] buffer = new byte[65536];
        int count = stream.Read(buffer);
        _received.AddRange(buffer.AsSpan(0, count));
        return count > 0;
    }
}
