using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Hafen.Cli.Tests.Goldens;

/// <summary>
/// A daemon of fixed answers, for the stock CLI when goldens are captured and for ours when they are compared: both see the same.
/// Times in fixtures are written as <c>@now-3600@</c> (Unix seconds).
/// </summary>
internal sealed partial class FakeEngine : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hafen-engine-").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Dictionary<string, byte[]> _bodies = [];

    public FakeEngine()
    {
        SocketPath = Path.Combine(_folder, "s");
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen(64);
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public string SocketPath { get; }

    public string Endpoint => "unix://" + SocketPath;

    /// <summary>The last body received for a path (without version and query).</summary>
    public byte[]? Body(string path)
    {
        lock (_bodies)
            return _bodies.GetValueOrDefault(path);
    }

    public void Dispose()
    {
        _listener.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = _listener.Accept();
                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private void Serve(Socket socket)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            while (ReadLine(stream) is { Length: > 0 } requestLine)
            {
                int length = 0;
                bool chunked = false;
                while (ReadLine(stream) is { Length: > 0 } header)
                {
                    if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                        length = int.Parse(header[15..], CultureInfo.InvariantCulture);
                    chunked |= header.StartsWith("Transfer-Encoding:", StringComparison.OrdinalIgnoreCase);
                }

                byte[] body = chunked ? ReadChunks(stream) : ReadExactly(stream, length);
                string[] words = requestLine.Split(' ');
                string path = VersionPrefix().Replace(words[1].Split('?')[0], "");
                lock (_bodies)
                    _bodies[path] = body;
                Answer(stream, words[0], path, words[1].Contains('?', StringComparison.Ordinal) ? words[1][(words[1].IndexOf('?', StringComparison.Ordinal) + 1)..] : "");
            }
        }
        catch (IOException)
        {
            // The client went away.
        }
    }

    private static void Answer(NetworkStream stream, string method, string path, string query)
    {
        var (status, content) = Find(method, path, query);
        byte[] bytes = Encoding.UTF8.GetBytes(Times().Replace(content, match
            => (DateTimeOffset.UtcNow.ToUnixTimeSeconds() - long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture)));
        bool isLog = path.EndsWith("/logs", StringComparison.Ordinal);
        string type = isLog ? "application/vnd.docker.multiplexed-stream" : "application/json";
        if (isLog)
            (status, bytes) = (200, [.. Frame(1, "out 1\nout 2\n"), .. Frame(2, "err 1\n"), .. Frame(1, "out 3\n")]);
        string head = $"HTTP/1.1 {status} Status\r\nApi-Version: 1.50\r\nDocker-Experimental: false\r\nOstype: linux\r\nContent-Type: {type}\r\nContent-Length: {bytes.Length}\r\n\r\n";
        stream.Write(Encoding.ASCII.GetBytes(head));
        if (method != "HEAD")
            stream.Write(bytes);
    }

    private static (int Status, string Content) Find(string method, string path, string query)
    {
        if (path == "/_ping")
            return (200, "OK");
        string name = $"{method}{path.Replace('/', '_').Replace(':', '_')}.json";
        string file = Path.Combine(AppContext.BaseDirectory, "Goldens", "Fixtures", name);
        if (path == "/containers/json" && !query.Contains("all=1", StringComparison.Ordinal))
            file = file.Replace("_json.json", "_json.running.json", StringComparison.Ordinal);
        if (File.Exists(file))
            return (200, File.ReadAllText(file));
        return method switch
        {
            "DELETE" or "POST" when path.Contains("web", StringComparison.Ordinal) => (204, ""),
            _ => (404, $"{{\"message\":\"No such object: {path.Split('/').ElementAtOrDefault(2)}\"}}"),
        };
    }

    private static byte[] Frame(byte which, string text)
        => [which, 0, 0, 0, 0, 0, 0, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private static string? ReadLine(NetworkStream stream)
    {
        var line = new StringBuilder();
        int letter;
        while ((letter = stream.ReadByte()) >= 0)
        {
            if (letter == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)letter);
        }

        return null;
    }

    private static byte[] ReadExactly(NetworkStream stream, int length)
    {
        byte[] body = new byte[length];
        stream.ReadExactly(body);
        return body;
    }

    private static byte[] ReadChunks(NetworkStream stream)
    {
        var body = new List<byte>();
        while (true)
        {
            int size = Convert.ToInt32(ReadLine(stream), 16);
            body.AddRange(ReadExactly(stream, size));
            ReadLine(stream);
            if (size == 0)
                return [.. body];
        }
    }

    [GeneratedRegex(@"^/v1\.\d+")]
    private static partial Regex VersionPrefix();

    [GeneratedRegex("@now-(\\d+)@")]
    private static partial Regex Times();
}
