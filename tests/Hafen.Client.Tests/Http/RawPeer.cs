using System.Net.Sockets;
using System.Text;
using Hafen.Client.Endpoints;

namespace Hafen.Client.Tests.Http;

/// <summary>A peer on a unix socket that answers with given bytes and remembers what it got. One script a connection.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hafen-peer-").FullName;
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<Thread> threads = [];

    /// <param name="connections">What happens on the first, second, … connection.</param>
    public RawPeer(params Action<RawConnection>[] connections)
    {
        var path = Path.Combine(folder, "s");
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(16);
        Endpoint = DaemonEndpoint.Parse($"unix://{path}");
        var accepting = new Thread(() =>
        {
            foreach (var script in connections)
            {
                Socket socket;
                try
                {
                    socket = listener.Accept();
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    // The test needed fewer connections.
                    return;
                }

                Interlocked.Increment(ref accepted);
                var thread = new Thread(() =>
                {
                    using var connection = new RawConnection(socket);
                    try
                    {
                        script(connection);
                    }
                    catch (SocketException)
                    {
                        // The client went away, which some tests are about.
                    }
                });
                lock (threads) threads.Add(thread);
                thread.Start();
            }

            // One connection too many is refused instead of waiting for ever.
            listener.Dispose();
        });
        accepting.Start();
    }

    private int accepted;

    public DaemonEndpoint Endpoint { get; }

    /// <summary>Connections made so far.</summary>
    public int Accepted => accepted;

    public void Dispose()
    {
        listener.Dispose();
        lock (threads)
            foreach (var thread in threads)
                thread.Join(TimeSpan.FromSeconds(5));
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>The peer's side of one connection.</summary>
internal sealed class RawConnection(Socket socket) : IDisposable
{
    private readonly List<byte> received = [];

    /// <summary>Reads one request with a body of known length.</summary>
    /// <returns>Head and body; empty when the client closed.</returns>
    public string ReadRequest()
    {
        var buffer = new byte[4096];
        while (true)
        {
            var text = Encoding.Latin1.GetString([.. received]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                var marker = text.IndexOf("Content-Length: ", StringComparison.Ordinal);
                var length = marker < 0 || marker > end ? 0 : int.Parse(text.AsSpan(marker + 16, text.IndexOf('\r', marker) - marker - 16));
                if (text.Length >= end + 4 + length)
                {
                    received.RemoveRange(0, end + 4 + length);
                    return text[..(end + 4 + length)];
                }
            }

            var count = socket.Receive(buffer);
            if (count == 0) return "";
            received.AddRange(buffer.AsSpan(0, count));
        }
    }

    /// <summary>Reads to the end of the client's direction.</summary>
    public string ReadAll()
    {
        var buffer = new byte[65536];
        int count;
        while ((count = socket.Receive(buffer)) > 0) received.AddRange(buffer.AsSpan(0, count));
        return Encoding.Latin1.GetString([.. received]);
    }

    /// <summary>Reads until the text is there.</summary>
    public string ReadUntil(string marker)
    {
        var buffer = new byte[65536];
        while (true)
        {
            var text = Encoding.Latin1.GetString([.. received]);
            if (text.Contains(marker, StringComparison.Ordinal)) return text;
            var count = socket.Receive(buffer);
            if (count == 0) return text;
            received.AddRange(buffer.AsSpan(0, count));
        }
    }

    public void Write(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        while (bytes.Length > 0) bytes = bytes[socket.Send(bytes)..];
    }

    /// <summary>One byte a write, to try every border.</summary>
    public void Dribble(string text)
    {
        foreach (var letter in text) Write(letter.ToString());
    }

    public void Json(string body, int status = 200)
        => Write($"HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    public void Dispose() => socket.Dispose();
}
