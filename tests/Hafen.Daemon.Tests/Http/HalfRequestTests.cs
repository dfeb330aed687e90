using System.Net.Sockets;
using Hafen.Daemon.Http.Routing;
using Hafen.Daemon.Lifetime;
using Microsoft.Extensions.Logging;

namespace Hafen.Daemon.Tests.Http;

/// <summary>Clients that leave in the middle of what they say.</summary>
public sealed class HalfRequestTests
{
    [Theory]
    [InlineData("Content-Length: 100\r\n\r\nhalf", true)]
    [InlineData("Content-Length: 100\r\n\r\nhalf", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n64\r\nhalf", true)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n64\r\nhalf", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", true)]
    public async Task Half_a_body_is_nothing_the_operator_hears_of(string half, bool listens)
    {
        var begun = new SemaphoreSlim(0);
        var routes = new RouteTable().Post("/body", async request =>
        {
            begun.Release();
            await request.ReadBodyAsync();
            await request.WriteTextAsync("read");
        });
        var said = new StringWriter();
        using var loggers = new LogSwitch(TextWriter.Synchronized(said), LogLevel.Warning);
        await using (var server = await TestServer.StartAsync(routes, loggers: loggers))
        {
            // What is said of the last ones may come too late to be seen here.
            for (int i = 0; i < 30; i++)
            {
                using var socket = server.Connect();
                socket.SendText("POST /body HTTP/1.1\r\nHost: x\r\n" + half);
                Assert.True(await begun.WaitAsync(10_000, TestContext.Current.CancellationToken));
                if (!listens)
                    continue;
                socket.Shutdown(SocketShutdown.Send);
                Assert.DoesNotContain("read", socket.ReadToEnd(), StringComparison.Ordinal);
            }
        }
        Assert.Equal("", said.ToString());
    }
}
