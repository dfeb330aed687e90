using System.Net.Sockets;
using System.Text;
using Hafen.Daemon.Http.Routing;

namespace Hafen.Daemon.Tests.Http;

/// <summary>Requests that are made to confuse, to block or to exhaust.</summary>
public sealed class AttackTests
{
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

    private static RouteTable Routes(List<string> seen) => new RouteTable()
        .Get("/hello", request => request.WriteTextAsync("hello"))
        .Get("/smuggled", request =>
        {
            lock (seen)
                seen.Add("smuggled");
            return request.WriteTextAsync("smuggled");
        })
        .Post("/body", async request =>
        {
            byte[] body = await request.ReadBodyAsync();
            lock (seen)
                seen.Add(Encoding.ASCII.GetString(body));
            await request.WriteTextAsync("read");
        });

    [Theory]
    [InlineData("xyz\r\nbody")]
    [InlineData("-4\r\nbody\r\n0\r\n\r\n")]
    [InlineData("0x4\r\nbody\r\n0\r\n\r\n")]
    [InlineData("+4\r\nbody\r\n0\r\n\r\n")]
    [InlineData(" 4\r\nbody\r\n0\r\n\r\n")]
    [InlineData("4_0\r\nbody\r\n0\r\n\r\n")]
    [InlineData("FFFFFFFFFFFFFFFFF\r\nbody\r\n0\r\n\r\n")]
    [InlineData("4\r\nbodyX\r\n0\r\n\r\n")]
    [InlineData("\r\n\r\n")]
    public async Task A_malformed_chunk_is_the_clients_fault_and_ends_the_connection(string chunks)
    {
        var seen = new List<string>();
        await using var server = await TestServer.StartAsync(Routes(seen));
        using var socket = server.Connect();
        socket.SendText("POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + Smuggled);
        string answer = socket.ReadToEnd();
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Equal(0, Count(answer, "smuggled"));
        Assert.DoesNotContain("smuggled", seen);
    }

    [Theory]
    [InlineData("Content-Length: 4\r\nContent-Length: 40\r\n", "body")]
    [InlineData("Content-Length: 4, 40\r\n", "body")]
    [InlineData("Content-Length: -4\r\n", "body")]
    [InlineData("Content-Length: 4x\r\n", "body")]
    [InlineData("Content-Length: 99999999999999999999\r\n", "body")]
    [InlineData("Content-Length : 4\r\n", "body")]
    [InlineData("X-Folded: a\r\n Content-Length: 4\r\n", "body")]
    [InlineData("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n")]
    [InlineData("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")]
    [InlineData("Transfer-Encoding: identity\r\nContent-Length: 4\r\n", "body")]
    public async Task A_request_whose_length_is_in_doubt_is_refused(string headers, string body)
    {
        var seen = new List<string>();
        await using var server = await TestServer.StartAsync(Routes(seen));
        using var socket = server.Connect();
        socket.SendText("POST /body HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body + Smuggled);
        string answer = socket.ReadToEnd();
        Assert.Matches("^HTTP/1.1 (400|411|501) ", answer);
        Assert.Empty(seen);
    }

    [Fact]
    public async Task Of_a_length_and_chunks_the_chunks_count_and_nothing_follows()
    {
        var seen = new List<string>();
        await using var server = await TestServer.StartAsync(Routes(seen));
        using var socket = server.Connect();
        string chunks = "4\r\nbody\r\n0\r\n\r\n";
        socket.SendText($"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: {chunks.Length + Smuggled.Length}\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}{Smuggled}");
        string answer = socket.ReadToEnd();
        Assert.Equal(1, Count(answer, "HTTP/1.1 "));
        Assert.DoesNotContain("smuggled", seen);
    }

    [Fact]
    public async Task A_head_that_takes_too_long_ends_the_connection()
    {
        await using var server = await TestServer.StartAsync(Routes([]), headTimeout: TimeSpan.FromSeconds(1));
        using var socket = server.Connect();
        socket.SendText("GET /hello HTTP/1.1\r\nHost: x\r\nX-Slow: ");
        Assert.StartsWith("HTTP/1.1 408 ", socket.ReadToEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Large: ", "")]
    [InlineData("", "X-Many: 1\r\n")]
    public async Task A_head_without_end_is_not_kept(string before, string repeated)
    {
        await using var server = await TestServer.StartAsync(Routes([]));
        using var socket = server.Connect();
        socket.SendText("GET /hello HTTP/1.1\r\nHost: x\r\n" + before);
        string piece = repeated.Length > 0 ? string.Concat(Enumerable.Repeat(repeated, 1000)) : new string('x', 64 * 1024);
        Assert.ThrowsAny<SocketException>(() =>
        {
            // Far above the limit of a megabyte, and of what the sockets hold between.
            for (int sent = 0; sent < 32 * 1024 * 1024; sent += piece.Length)
                socket.SendText(piece);
        });
        using var client = server.Client();
        Assert.Equal("hello", await client.GetStringAsync(new Uri("/hello", UriKind.Relative)));
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
