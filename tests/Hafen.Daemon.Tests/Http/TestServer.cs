using System.Net.Sockets;
using System.Text;
using Hafen.Daemon.Http;
using Hafen.Daemon.Http.Authorization;
using Hafen.Daemon.Http.Routing;
using Hafen.Daemon.Http.Transport;
using Hafen.Linux.Sockets;
using Microsoft.Extensions.Logging;

namespace Hafen.Daemon.Tests.Http;

/// <summary>The HTTP base on a unix socket of its own, with the routes of a test.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hafen-http-").FullName;

    private static readonly ILoggerFactory s_loggers = new TestOutputLoggers();

    private TestServer() => Path = System.IO.Path.Combine(_folder, "api.sock");

    public string Path { get; }
    public ApiServer Server { get; private set; } = null!;

    public static async Task<TestServer> StartAsync(RouteTable routes, TimeSpan? headTimeout = null, ILoggerFactory? loggers = null, IRequestAuthorization? authorization = null)
    {
        var test = new TestServer();
        var endPoint = new ApiEndPoint("unix://" + test.Path, StreamSocket.ListenUnix(test.Path, 1024), tls: null);
        test.Server = new ApiServer([endPoint], loggers ?? s_loggers, headTimeout);
        await test.Server.StartAsync(routes, authorization ?? new WhoeverConnects(), CancellationToken.None);
        return test;
    }

    public Socket Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(Path));
        return socket;
    }

    public HttpClient Client() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, token) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path), token);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://hafen") };

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await Server.StopAsync(limit.Token);
        Server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>Raw requests and answers.</summary>
internal static class RawHttp
{
    public static void SendText(this Socket socket, string text) => socket.Send(Encoding.ASCII.GetBytes(text));

    /// <summary>Reads up to and with the empty line behind the head.</summary>
    public static string ReadHead(this Socket socket)
    {
        var head = new StringBuilder();
        Span<byte> one = stackalloc byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (socket.Receive(one) == 0)
                break;
            head.Append((char)one[0]);
        }
        return head.ToString();
    }

    public static string ReadExactly(this Socket socket, int count)
    {
        byte[] bytes = new byte[count];
        int at = 0;
        while (at < count)
        {
            int read = socket.Receive(bytes, at, count - at, SocketFlags.None);
            if (read == 0)
                break;
            at += read;
        }
        return Encoding.UTF8.GetString(bytes, 0, at);
    }

    public static string ReadToEnd(this Socket socket)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        int read;
        while ((read = socket.Receive(buffer)) > 0)
            all.Write(buffer, 0, read);
        return Encoding.UTF8.GetString(all.ToArray());
    }
}
