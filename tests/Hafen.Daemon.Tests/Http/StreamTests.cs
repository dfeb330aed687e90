using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Hafen.Api;
using Hafen.Daemon.Http;
using Hafen.Daemon.Http.Routing;
using Hafen.Daemon.Lifetime;
using Hafen.Daemon.Routes;
using Hafen.Engine.Events;
using Hafen.Errors;
using Hafen.Images;
using Microsoft.Extensions.Logging;

namespace Hafen.Daemon.Tests.Http;

/// <summary>Streamed answers: their failures, and clients that do not read them or leave.</summary>
public sealed class StreamTests
{
    [Theory]
    [InlineData(true, HttpStatusCode.OK, "{\"errorDetail\":{\"message\":\"bad\"},\"error\":\"bad\"}\n")]
    [InlineData(false, HttpStatusCode.BadRequest, "{\"message\":\"bad\"}\n")]
    public async Task A_failure_is_told_in_a_stream_that_has_begun(bool begun, HttpStatusCode status, string body)
    {
        await using var server = await TestServer.StartAsync(new RouteTable().Get("/load", async request =>
        {
            await using var stream = new JsonStream(request);
            await stream.RunAsync(() => throw new ImageException(ErrorKind.InvalidParameter, "bad"), begun);
        }));
        using var client = server.Client();
        using var answer = await client.GetAsync(new Uri("/load", UriKind.Relative));
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(body, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_client_that_is_behind_loses_progress_and_no_result()
    {
        const int Reports = 50_000;
        var reported = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await TestServer.StartAsync(new RouteTable().Get("/load", async request =>
        {
            await using var stream = new JsonStream(request);
            await stream.RunAsync(async () =>
            {
                for (int i = 0; i < Reports; i++)
                    stream.Report(new ProgressMessage { Status = "Loading layer", Id = new string('x', 100) });
                reported.SetResult();
                await stream.WriteAsync(new ProgressMessage { Stream = "Loaded" });
            }, begun: true);
        }));
        using var socket = server.Connect();
        socket.SendText("GET /load HTTP/1.0\r\n\r\n");
        await reported.Task;
        socket.ReadHead();
        string[] lines = socket.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(lines.Length, 1, Reports / 2);
        Assert.Equal("{\"stream\":\"Loaded\"}", lines[^1]);
    }

    [Fact]
    public async Task Events_that_are_not_read_stay_where_they_are_bounded()
    {
        var events = new EventStream();
        var routes = new RouteTable();
        new EventRoutes(events).AddTo(routes);
        await using var server = await TestServer.StartAsync(routes);
        using var slow = server.Connect();
        slow.SendText("GET /events HTTP/1.0\r\n\r\n");
        slow.ReadHead();
        var label = new Dictionary<string, string> { ["label"] = new('x', 10_000) };
        const int Published = 5000;
        for (int i = 0; i < Published; i++)
            events.Publish("container", "create", "a1", label);
        // What is in the sockets and pipes by now has left the queue, and is small; of the rest the newest were refused.
        string text = await Task.Run(slow.ReadToEnd, TestContext.Current.CancellationToken);
        Assert.InRange(text.Split('\n').Length, 2, 1000);
        for (int i = 0; i < 3000 && events.Listeners > 0; i++)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.Equal(0, events.Listeners);
    }

    [Fact]
    public async Task A_client_that_leaves_is_no_error_of_the_daemon()
    {
        var said = new StringWriter();
        using var loggers = new LogSwitch(TextWriter.Synchronized(said), LogLevel.Debug);
        var ended = new SemaphoreSlim(0);
        var routes = new RouteTable().Get("/follow", async request =>
        {
            await request.StartStreamAsync("text/plain");
            try
            {
                while (true)
                {
                    request.Output.Write(new byte[4096]);
                    var flushed = await request.Output.FlushAsync(CancellationToken.None);
                    // As the reader of a log does it: seen before anybody was told that the client has left.
                    if (flushed.IsCompleted)
                        throw new OperationCanceledException("the reader is gone");
                }
            }
            finally
            {
                ended.Release();
            }
        });
        await using (var server = await TestServer.StartAsync(routes, loggers: loggers))
        {
            for (int i = 0; i < 20; i++)
            {
                using (var socket = server.Connect())
                {
                    socket.SendText("GET /follow HTTP/1.1\r\nHost: x\r\n\r\n");
                    socket.ReadHead();
                }
                Assert.True(await ended.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
            }
        }
        string log = said.ToString();
        Assert.Contains("level=debug", log, StringComparison.Ordinal);
        Assert.DoesNotContain("level=error", log, StringComparison.Ordinal);
    }
}
