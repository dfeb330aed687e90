using System.Net.Sockets;
using System.Text;
using Hafen.Client.Endpoints;

namespace Hafen.Client.Tests.Http;

/// <summary>A peer on a unix socket that answers with given bytes and remembers what it got. One script a connection.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hafen-peer-").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<Thread> _threads = [];

    /// <param name="connections">What happens on the first, second, … connection.</param>
    public RawPeer(params Action<RawConnection>[] connections)
    {
        string path = Path.Combine(_folder, "s");
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(16);
        Endpoint = DaemonEndpoint.Parse($"unix://{path}");
        var accepting = new Thread(() =>
        {
            foreach (var script in connections)
            {
                Socket socket;
                try
                {
                    socket = _listener.Accept();
                }
                catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
                {
                    // The test needed fewer connections.
                    return;
                }

                Interlocked.Increment(ref _accepted);
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
                lock (_threads)
                    _threads.Add(thread);
                thread.Start();
            }

            // One connection too many is refused instead of waiting for ever.
            _listener.Dispose();
        });
        accepting.Start();
    }

    private int _accepted;

    public DaemonEndpoint Endpoint { get; }

    /// <summary>Connections made so far.</summary>
    public int Accepted => _accepted;

    public void Dispose()
    {
        _listener.Dispose();
        lock (_threads)
        {
            foreach (var thread in _threads)
                thread.Join(TimeSpan.FromSeconds(5));
        }
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>The peer's side of one connection.</summary>
internal sealed class RawConnection(Socket socket) : IDisposable
{
    private readonly List<byte> _received = [];

    /// <summary>Reads one request with a body of known length.</summary>
    /// <returns>Head and body; empty when the client closed.</returns>
    public string ReadRequest()
    {
        byte[] buffer = new byte[4096];
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

            int count = socket.Receive(buffer);
            if (count == 0)
                return "";
            _received.AddRange(buffer.AsSpan(0, count));
        }
    }

    /// <summary>Reads to the end of the client's direction.</summary>
    public string ReadAll()
    {
        byte[] buffer = new byte[65536];
        int count;
        while ((count = socket.Receive(buffer)) > 0)
            _received.AddRange(buffer.AsSpan(0, count));
        return Encoding.Latin1.GetString([.. _received]);
    }

    /// <summary>Reads until the text is there.</summary>
    public string ReadUntil(string marker)
    {
        byte[] buffer = new byte[65536];
        while (true)
        {
            string text = Encoding.Latin1.GetString([.. _received]);
            if (text.Contains(marker, StringComparison.Ordinal))
                return text;
            int count = socket.Receive(buffer);
            if (count == 0)
                return text;
            _received.AddRange(buffer.AsSpan(0, count));
        }
    }

    public void Write(string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        while (bytes.Length > 0)
            bytes = bytes[socket.Send(bytes)..];
    }

    /// <summary>One byte a write, to try every border.</summary>
    public void Dribble(string text)
    {
        foreach (char letter in text)
            Write(letter.ToString());
    }

    public void Json(string body, int status = 200)
        => Write($"HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    public void Dispose() => socket.Dispose();
}
