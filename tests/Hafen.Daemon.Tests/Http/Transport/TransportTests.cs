using System.Buffers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Hafen.Api;
using Hafen.Daemon.Http.Routing;
using Microsoft.AspNetCore.Http;

namespace Hafen.Daemon.Tests.Http.Transport;

/// <summary>What clients may do to the server's own transport, over real sockets.</summary>
public sealed class TransportTests
{
    private static RouteTable Routes => new RouteTable()
        .Get("/hello", request => request.WriteTextAsync("hello"))
        .Post("/hash", async request =>
        {
            byte[] hash = await SHA256.HashDataAsync(request.Body, CancellationToken.None);
            await request.WriteTextAsync(Convert.ToHexStringLower(hash));
        })
        .Get("/big", async request =>
        {
            await request.StartStreamAsync("application/octet-stream");
            byte[] piece = new byte[64 * 1024];
            for (int i = 0; i < 256; i++)
            {
                Array.Fill(piece, (byte)i);
                request.Output.Write(piece);
                await request.Output.FlushAsync(CancellationToken.None);
            }
        })
        .Get("/watch", async request =>
        {
            await request.StartStreamAsync("text/plain");
            await Task.Delay(Timeout.Infinite, request.Aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            s_watchEnded.Release();
        })
        .Get("/slow", async request =>
        {
            await Task.Delay(200, CancellationToken.None);
            await request.WriteTextAsync(request.Aborted.IsCancellationRequested ? "gone" : "here");
        });

    private static readonly SemaphoreSlim s_watchEnded = new(0);

    [Fact]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        await using var server = await TestServer.StartAsync(Routes);
        using var socket = server.Connect();
        socket.SendText(string.Concat(Enumerable.Repeat("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n", 50)));
        for (int i = 0; i < 50; i++)
        {
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", socket.ReadHead(), StringComparison.Ordinal);
            Assert.Equal("hello", socket.ReadExactly(5));
        }
    }

    [Fact]
    public async Task A_connection_may_be_idle()
    {
        await using var server = await TestServer.StartAsync(Routes);
        using var used = server.Connect();
        using var unused = server.Connect();
        used.SendText("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
        used.ReadHead();
        Assert.Equal("hello", used.ReadExactly(5));
        // The server looks at its connections once a second.
        await Task.Delay(TimeSpan.FromSeconds(2.5), TestContext.Current.CancellationToken);
        foreach (var socket in (Socket[])[used, unused])
        {
            socket.SendText("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", socket.ReadHead(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_large_body_arrives_whole()
    {
        await using var server = await TestServer.StartAsync(Routes);
        using var client = server.Client();
        byte[] body = RandomNumberGenerator.GetBytes(32 * 1024 * 1024);
        using var content = new ByteArrayContent(body);
        using var answer = await client.PostAsync(new Uri("/hash", UriKind.Relative), content);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(body)), await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_slow_reader_gets_everything()
    {
        await using var server = await TestServer.StartAsync(Routes);
        using var socket = server.Connect();
        socket.SendText("GET /big HTTP/1.0\r\n\r\n");
        await Task.Delay(200);
        string answer = await Task.Run(() =>
        {
            Assert.NotEmpty(socket.ReadHead());
            return Latin1(socket);
        });
        Assert.Equal(256 * 64 * 1024, answer.Length);
        Assert.Equal((char)255, answer[^1]);
    }

    [Fact]
    public async Task A_client_that_ended_its_output_still_gets_its_answer()
    {
        await using var server = await TestServer.StartAsync(Routes);
        using var socket = server.Connect();
        socket.SendText("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
        socket.Shutdown(SocketShutdown.Send);
        string answer = socket.ReadToEnd();
        Assert.EndsWith("\r\n\r\nhere", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_learns_that_its_client_left()
    {
        await using var server = await TestServer.StartAsync(Routes);
        using (var socket = server.Connect())
        {
            socket.SendText("GET /watch HTTP/1.1\r\nHost: x\r\n\r\n");
            Assert.NotEmpty(socket.ReadHead());
        }
        Assert.True(await s_watchEnded.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task A_stream_ends_when_the_server_stops()
    {
        var server = await TestServer.StartAsync(Routes);
        using var socket = server.Connect();
        socket.SendText("GET /watch HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.NotEmpty(socket.ReadHead());
        await server.DisposeAsync();
        Assert.True(await s_watchEnded.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.EndsWith("0\r\n\r\n", socket.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thousands_of_connections_leave_no_descriptor()
    {
        await using var server = await TestServer.StartAsync(Routes);
        await Parallel.ForAsync(0, 100, async (_, _) => await ConnectAndAsk(server));
        int before = Directory.GetFiles("/proc/self/fd").Length;
        await Parallel.ForAsync(0, 3000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) => await ConnectAndAsk(server));
        for (int i = 0; i < 3000 && server.Server.SocketCount > 1; i++)
            await Task.Delay(20);
        Assert.Equal(1, server.Server.SocketCount);
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, before + 200);
    }

    [Theory]
    [InlineData("GET /nothing HTTP/1.1", 404, "page not found")]
    [InlineData("POST /hello HTTP/1.1", 404, "page not found")]
    [InlineData("GET /v9.0/hello HTTP/1.1", 400, "client version 9.0 is too new. Maximum supported API version is NEWEST")]
    public async Task Failures_are_JSON_with_the_servers_headers(string line, int status, string message)
    {
        await using var server = await TestServer.StartAsync(Routes);
        using var socket = server.Connect();
        socket.SendText(line + "\r\nHost: x\r\nConnection: close\r\n\r\n");
        string answer = socket.ReadToEnd();
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains($"\r\nApi-Version: {ApiVersion.Newest}\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nOstype: linux\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n{\"message\":\"" + message.Replace("NEWEST", $"{ApiVersion.Newest}", StringComparison.Ordinal) + "\"}\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_are_answered_everywhere()
    {
        await using var server = await TestServer.StartAsync(Routes);
        using var socket = server.Connect();
        socket.SendText("OPTIONS /v1.40/anything HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", socket.ReadToEnd(), StringComparison.Ordinal);
    }

    private static async Task ConnectAndAsk(TestServer server)
    {
        using var socket = server.Connect();
        byte[] request = Encoding.ASCII.GetBytes("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
        await socket.SendAsync(request);
        byte[] answer = new byte[1024];
        Assert.True(await socket.ReceiveAsync(answer) > 0);
    }

    private static string Latin1(Socket socket)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[4096];
        int read;
        while ((read = socket.Receive(buffer)) > 0)
            all.Write(buffer, 0, read);
        return Encoding.Latin1.GetString(all.ToArray());
    }
}
