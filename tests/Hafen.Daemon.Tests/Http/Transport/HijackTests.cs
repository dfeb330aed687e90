using System.Net.Sockets;
using System.Text;
using Hafen.Api;
using Hafen.Daemon.Http.Routing;
using Hafen.Linux.Sockets;

namespace Hafen.Daemon.Tests.Http.Transport;

/// <summary>Taking the client's socket out of the server.</summary>
public sealed class HijackTests
{
    /// <summary>Upper-cases what the client sends until it ends its output; blocking, on the bare descriptor, as another process would.</summary>
    private static RouteTable Routes => new RouteTable()
        .Get("/hello", request => request.WriteTextAsync("hello"))
        .Post("/raw", async request =>
        {
            byte[] body = await request.ReadBodyAsync();
            var taken = await request.HijackAsync(multiplexed: true);
            _ = Task.Run(() => Serve(taken.Socket, [.. body, .. taken.Prefix]));
        });

    [Theory]
    [InlineData("Upgrade: tcp\r\nConnection: Upgrade\r\n", "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n")]
    [InlineData("", "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n")]
    public async Task Bytes_before_and_after_the_change_arrive_in_order(string upgrade, string head)
    {
        await using var server = await TestServer.StartAsync(Routes);
        using var socket = server.Connect();
        socket.SendText($"POST /raw HTTP/1.1\r\nHost: x\r\n{upgrade}Content-Length: 4\r\n\r\nbodyearly ");
        string got = socket.ReadHead();
        Assert.StartsWith(head, got, StringComparison.Ordinal);
        Assert.Contains($"Api-Version: {ApiVersion.Newest}\r\n", got, StringComparison.Ordinal);
        socket.SendText("late");
        socket.Shutdown(SocketShutdown.Send);
        Assert.Equal("BODYEARLY LATE", socket.ReadToEnd());
    }

    [Fact]
    public async Task A_request_without_body_can_be_taken_too()
    {
        await using var server = await TestServer.StartAsync(Routes);
        using var socket = server.Connect();
        socket.SendText("POST /v1.41/raw HTTP/1.1\r\nHost: x\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\n");
        Assert.Contains("application/vnd.docker.raw-stream", socket.ReadHead(), StringComparison.Ordinal);
        socket.SendText("abc");
        socket.Shutdown(SocketShutdown.Send);
        Assert.Equal("ABC", socket.ReadToEnd());
    }

    [Fact]
    public async Task A_client_that_ended_its_output_with_the_request_gets_its_stream()
    {
        await using var server = await TestServer.StartAsync(Routes);
        using var socket = server.Connect();
        socket.SendText("POST /raw HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\nall at once");
        socket.Shutdown(SocketShutdown.Send);
        Assert.StartsWith("HTTP/1.1 200 OK", socket.ReadHead(), StringComparison.Ordinal);
        Assert.Equal("ALL AT ONCE", socket.ReadToEnd());
    }

    [Fact]
    public async Task Answers_to_earlier_requests_leave_first()
    {
        await using var server = await TestServer.StartAsync(Routes);
        using var socket = server.Connect();
        socket.SendText("GET /hello HTTP/1.1\r\nHost: x\r\n\r\nPOST /raw HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\nx");
        socket.Shutdown(SocketShutdown.Send);
        socket.ReadHead();
        Assert.Equal("hello", socket.ReadExactly(5));
        socket.ReadHead();
        Assert.Equal("X", socket.ReadToEnd());
    }

    [Fact]
    public async Task Nothing_comes_together_with_the_head()
    {
        await using var server = await TestServer.StartAsync(Routes);
        byte[] buffer = new byte[8192];
        for (int i = 0; i < 20; i++)
        {
            using var socket = server.Connect();
            socket.SendText("POST /raw HTTP/1.1\r\nHost: x\r\nUpgrade: tcp\r\nConnection: Upgrade\r\nContent-Length: 4\r\n\r\nbody");
            // The client takes its time, then reads all there is, as a client with a buffer does.
            await Task.Delay(5, TestContext.Current.CancellationToken);
            string first = Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
            Assert.EndsWith("\r\n\r\n", first, StringComparison.Ordinal);
            socket.Shutdown(SocketShutdown.Send);
            Assert.Equal("BODY", socket.ReadToEnd());
        }
    }

    [Fact]
    public async Task The_server_holds_nothing_of_a_taken_connection()
    {
        await using var server = await TestServer.StartAsync(Routes);
        int before = Directory.GetFiles("/proc/self/fd").Length;
        await Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, (i, _) =>
        {
            using var socket = server.Connect();
            socket.SendText("POST /raw HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n" + i + "n");
            socket.Shutdown(SocketShutdown.Send);
            socket.ReadHead();
            Assert.Equal(i + "N", socket.ReadToEnd());
            return ValueTask.CompletedTask;
        });
        Assert.Equal(1, server.Server.SocketCount);
        for (int i = 0; i < 3000 && Directory.GetFiles("/proc/self/fd").Length > before + 200; i++)
            await Task.Delay(20);
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, before + 200);
    }

    [Fact]
    public async Task The_server_holds_nothing_of_a_connection_that_broke_while_it_was_taken()
    {
        var gone = new SemaphoreSlim(0);
        var taken = new SemaphoreSlim(0);
        await using var server = await TestServer.StartAsync(new RouteTable()
            .Get("/hello", request => request.WriteTextAsync("hello"))
            .Post("/raw", async request =>
            {
                await gone.WaitAsync();
                try
                {
                    (await request.HijackAsync(multiplexed: true)).Dispose();
                }
                finally
                {
                    taken.Release();
                }
            }));
        for (int i = 0; i < 20; i++)
        {
            using (var socket = server.Connect())
            {
                socket.SendText("GET /hello HTTP/1.1\r\nHost: x\r\n\r\nPOST /raw HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
                // An answer that is not read makes the close a reset.
                while (socket.Available == 0)
                    await Task.Delay(1);
            }
            await Task.Delay(10);
            gone.Release();
            await taken.WaitAsync();
        }
        for (int i = 0; i < 3000 && server.Server.SocketCount > 1; i++)
            await Task.Delay(20);
        Assert.Equal(1, server.Server.SocketCount);
    }

    [Fact]
    public void Ending_a_closed_socket_touches_no_other_connection()
    {
        for (int attempt = 0; attempt < 1000; attempt++)
        {
            var (closed, peer) = StreamSocket.Pair();
            int number = closed.Descriptor;
            closed.Dispose();
            peer.Dispose();
            var (other, reader) = StreamSocket.Pair();
            using (other)
            using (reader)
            {
                if (other.Descriptor != number)
                    continue;
                closed.EndOutput();
                Assert.Equal(StreamSocket.WouldBlock, reader.TryRead(new byte[1]));
                return;
            }
        }
        Assert.Skip("no number was used twice");
    }

    private static void Serve(StreamSocket socket, byte[] first)
    {
        Send(socket, first);
        byte[] buffer = new byte[4096];
        while (true)
        {
            int read = socket.TryRead(buffer);
            if (read == StreamSocket.WouldBlock)
            {
                Thread.Sleep(1);
                continue;
            }
            if (read == 0)
                break;
            Send(socket, buffer.AsSpan(0, read));
        }
        socket.EndOutput();
        socket.Dispose();
    }

    private static void Send(StreamSocket socket, ReadOnlySpan<byte> bytes)
    {
        byte[] upper = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(bytes).ToUpperInvariant());
        if (upper.Length > 0)
            Assert.Equal(upper.Length, socket.TryWrite(upper));
    }
}
