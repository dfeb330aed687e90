using System.Text;
using Hafen.Api;
using Hafen.Client.Endpoints;
using Hafen.Client.Errors;
using Hafen.Client.Http;
using Hafen.Client.Tests.Peers;

namespace Hafen.Client.Tests.Contracts;

/// <summary>What every transport does with a daemon, and with a peer that misbehaves.</summary>
public abstract class ApiTransportContract
{
    private const string TooNew = "{\"message\":\"client version 1.51 is too new. Maximum supported API version is 1.41\"}";

    private static readonly ApiRequest s_get = new("GET", "/x");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected abstract RawPeer NewPeer(params Action<RawConnection>[] connections);

    protected abstract IApiTransport NewTransport(DaemonEndpoint endpoint, ApiVersion? version);

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=y\r\nh\r\n4\r\nello\r\n0\r\nTrailer: t\r\n\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello")]
    public async Task A_body_is_read_whatever_its_framing_and_borders(string answer)
    {
        using var peer = NewPeer(connection =>
        {
            connection.ReadRequest();
            connection.Dribble(answer);
            connection.ReadRequest();
            connection.Write(answer);
        });
        using var transport = NewTransport(peer.Endpoint, null);
        for (int round = 0; round < 2; round++)
        {
            using var response = await transport.CallAsync(s_get, Cancel);
            Assert.Equal("hello", Encoding.ASCII.GetString(await response.ReadAllAsync(Cancel)));
            Assert.Equal(0, await response.Body.ReadAsync(new byte[1], Cancel));
        }

        Assert.Equal(1, peer.Accepted);
    }

    [Fact]
    public void A_caller_may_wait_instead()
    {
        using var peer = NewPeer(connection =>
        {
            connection.ReadRequest();
            connection.Json("{}");
        });
        using var transport = NewTransport(peer.Endpoint, null);
        using var response = transport.Call(s_get);
        Assert.Equal("{}", Encoding.ASCII.GetString(response.ReadAll()));
    }

    [Fact]
    public async Task A_body_without_length_ends_with_the_connection()
    {
        using var peer = NewPeer(
            connection =>
            {
                connection.ReadRequest();
                connection.Write("HTTP/1.1 200 OK\r\n\r\nhello");
            },
            connection =>
            {
                connection.ReadRequest();
                connection.Json("{}");
            });
        using var transport = NewTransport(peer.Endpoint, null);
        using (var response = await transport.CallAsync(s_get, Cancel))
            Assert.Equal("hello", Encoding.ASCII.GetString(await response.ReadAllAsync(Cancel)));
        using (await transport.CallAsync(s_get, Cancel))
            Assert.Equal(2, peer.Accepted);
    }

    [Theory]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\n\r\n")]
    public async Task An_answer_without_a_body_is_not_waited_for(string method, string answer)
    {
        using var peer = NewPeer(connection =>
        {
            connection.ReadRequest();
            connection.Write(answer);
            connection.ReadRequest();
            connection.Write(answer);
        });
        using var transport = NewTransport(peer.Endpoint, null);
        for (int round = 0; round < 2; round++)
        {
            using var response = await transport.CallAsync(new ApiRequest(method, "/x"), Cancel);
            Assert.Empty(await response.ReadAllAsync(Cancel));
        }

        Assert.Equal(1, peer.Accepted);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nhello\r\n")]
    public async Task A_body_cut_off_or_broken_is_an_error(string answer)
    {
        using var peer = NewPeer(connection =>
        {
            connection.ReadRequest();
            connection.Write(answer);
        });
        using var transport = NewTransport(peer.Endpoint, null);
        using var response = await transport.CallAsync(s_get, Cancel);
        await Assert.ThrowsAsync<ProtocolException>(() => response.ReadAllAsync(Cancel).AsTask());
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 20")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")]
    public async Task A_head_cut_off_or_broken_is_an_error(string answer)
    {
        using var peer = NewPeer(connection =>
        {
            connection.ReadRequest();
            connection.Write(answer);
        });
        using var transport = NewTransport(peer.Endpoint, null);
        await Assert.ThrowsAsync<ProtocolException>(() => transport.CallAsync(new ApiRequest("POST", "/x"), Cancel).AsTask());
        Assert.Equal(1, peer.Accepted);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n", "X-Header: 0123456789\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Header: ", "0123456789")]
    [InlineData("HTTP/1.1 ", "0123456789")]
    public async Task A_head_without_end_is_not_read_for_ever(string start, string rest)
    {
        using var peer = NewPeer(connection =>
        {
            connection.ReadRequest();
            connection.Write(start);
            connection.WriteForEver(rest);
        });
        using var transport = NewTransport(peer.Endpoint, null);
        await Assert.ThrowsAsync<ProtocolException>(() => transport.CallAsync(s_get, Cancel).AsTask());
    }

    [Theory]
    [InlineData("", "0")]
    [InlineData("5;", "x=y;")]
    [InlineData("5\r\nhello\r\n0\r\n", "X-Trailer: 0123456789\r\n")]
    public async Task A_chunk_without_end_of_its_size_is_not_read_for_ever(string start, string rest)
    {
        using var peer = NewPeer(connection =>
        {
            connection.ReadRequest();
            connection.Write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + start);
            connection.WriteForEver(rest);
        });
        using var transport = NewTransport(peer.Endpoint, null);
        using var response = await transport.CallAsync(s_get, Cancel);
        await Assert.ThrowsAsync<ProtocolException>(() => response.ReadAllAsync(Cancel).AsTask());
    }

    [Fact]
    public async Task What_comes_behind_a_body_is_not_the_next_answer()
    {
        using var peer = NewPeer(
            connection =>
            {
                connection.ReadRequest();
                connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong");
                connection.WaitForEnd();
            },
            connection =>
            {
                connection.ReadRequest();
                connection.Json("{}");
            });
        using var transport = NewTransport(peer.Endpoint, null);
        foreach (string expected in new[] { "hello", "{}" })
        {
            using var response = await transport.CallAsync(new ApiRequest("POST", "/x"), Cancel);
            Assert.Equal(expected, Encoding.ASCII.GetString(await response.ReadAllAsync(Cancel)));
        }
    }

    [Theory]
    [InlineData("{\"message\":\"No such container: a\"}", "No such container: a")]
    [InlineData("{\"message\":\"with end\\n\"}", "with end")]
    [InlineData("plain text\n", "plain text")]
    [InlineData("", "request returned status 404 without a message; check if the server supports the requested API version")]
    public async Task An_error_has_the_daemons_message(string body, string message)
    {
        using var peer = NewPeer(connection =>
        {
            connection.ReadRequest();
            connection.Json(body, 404);
            connection.ReadRequest();
            connection.Json("{}");
        });
        using var transport = NewTransport(peer.Endpoint, null);
        var failure = await Assert.ThrowsAsync<ApiException>(() => transport.CallAsync(s_get, Cancel).AsTask());
        Assert.Equal((404, message), (failure.Status, failure.Message));
        Assert.True(failure.IsNotFound);

        // The connection survives an error.
        (await transport.CallAsync(s_get, Cancel)).Dispose();
        Assert.Equal(1, peer.Accepted);
    }

    /// <summary>What is meant for this daemon goes to no other, whatever it says.</summary>
    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirection_is_an_error_and_is_not_followed(int status)
    {
        using var other = NewPeer(connection => connection.ReadRequest());
        string target = other.Endpoint.SocketPath is null ? $"https://{other.Endpoint.HostHeader}/y" : "http://other.example/y";
        using var peer = NewPeer(connection =>
        {
            connection.ReadRequest();
            connection.Write($"HTTP/1.1 {status} Elsewhere\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n");
        });
        using var transport = NewTransport(peer.Endpoint, null);
        Assert.Equal(status, (await Assert.ThrowsAsync<ApiException>(() => transport.CallAsync(s_get, Cancel).AsTask())).Status);
        Assert.Equal((1, 0), (peer.Accepted, other.Accepted));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_kept_connection_that_the_peer_closed_is_replaced(string method)
    {
        using var closed = new ManualResetEventSlim();
        using var peer = NewPeer(
            connection =>
            {
                connection.ReadRequest();
                connection.Json("{}");
                connection.Dispose();
                closed.Set();
            },
            connection =>
            {
                connection.ReadRequest();
                connection.Json("{\"second\":true}");
            });
        using var transport = NewTransport(peer.Endpoint, null);
        using (var first = await transport.CallAsync(s_get, Cancel))
            await first.ReadAllAsync(Cancel);
        closed.Wait(Cancel);
        using var second = await transport.CallAsync(new ApiRequest(method, "/x"), Cancel);
        Assert.Equal("{\"second\":true}", Encoding.ASCII.GetString(await second.ReadAllAsync(Cancel)));
    }

    /// <summary>What the daemon may have read it may have acted on: a second restart, a second container.</summary>
    [Theory]
    [InlineData("POST", null, false)]
    [InlineData("POST", "{}", false)]
    [InlineData("DELETE", null, false)]
    [InlineData("GET", null, true)]
    public async Task A_request_that_arrived_is_sent_again_only_when_it_merely_asks(string method, string? body, bool again)
    {
        var seen = new List<string>();
        using var peer = NewPeer(
            connection =>
            {
                connection.ReadRequest();
                connection.Json("{}");
                seen.Add(connection.ReadRequest().Split(' ')[0]);
            },
            connection =>
            {
                seen.Add(connection.ReadRequest().Split(' ')[0]);
                connection.Json("{\"second\":true}");
            });
        using var transport = NewTransport(peer.Endpoint, null);
        using (var first = await transport.CallAsync(s_get, Cancel))
            await first.ReadAllAsync(Cancel);
        var request = new ApiRequest(method, "/x") { Body = body is null ? null : Encoding.UTF8.GetBytes(body) };
        if (again)
            (await transport.CallAsync(request, Cancel)).Dispose();
        else
            await Assert.ThrowsAsync<ProtocolException>(() => transport.CallAsync(request, Cancel).AsTask());
        Assert.Equal(again ? [method, method] : [method], seen);
    }

    [Fact]
    public async Task A_request_goes_out_as_it_was_put()
    {
        string? got = null;
        using var peer = NewPeer(connection =>
        {
            got = connection.ReadRequest();
            connection.Json("{}");
        });
        using var transport = NewTransport(peer.Endpoint, null);
        var request = new ApiRequest("POST", "/containers/a%2Fb/../x?q=%7B%22a%22%3A%5B%22b%22%5D%7D") { Body = "{}"u8.ToArray(), ContentType = "application/json" };
        (await transport.CallAsync(request, Cancel)).Dispose();
        Assert.StartsWith($"POST /v{ApiVersion.Newest}{request.Path} HTTP/1.1\r\n", got, StringComparison.Ordinal);
        Assert.Contains($"\r\nHost: {peer.Endpoint.HostHeader}\r\n", got, StringComparison.Ordinal);
        Assert.Contains("\r\nUser-Agent: Hafen-Client/0.1.0 (linux)\r\n", got, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: application/json\r\n", got, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n{}", got, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_daemon_is_spoken_to_in_its_version()
    {
        var seen = new List<string>();
        using var peer = NewPeer(connection =>
        {
            seen.Add(connection.ReadRequest().Split("\r\n")[0]);
            connection.Json(TooNew, 400);
            seen.Add(connection.ReadRequest().Split("\r\n")[0]);
            connection.Json("{}");
            seen.Add(connection.ReadRequest().Split("\r\n")[0]);
            connection.Json("{}");
        });
        using var transport = NewTransport(peer.Endpoint, null);
        for (int round = 0; round < 2; round++)
        {
            using var response = await transport.CallAsync(s_get, Cancel);
            await response.ReadAllAsync(Cancel);
        }

        Assert.Equal([$"GET /v{ApiVersion.Newest}/x HTTP/1.1", "GET /v1.41/x HTTP/1.1", "GET /v1.41/x HTTP/1.1"], seen);
        Assert.Equal(new ApiVersion(1, 41), transport.Version);
    }

    [Fact]
    public async Task A_version_that_is_insisted_on_is_not_lowered()
    {
        using var peer = NewPeer(connection =>
        {
            connection.ReadRequest();
            connection.Json(TooNew, 400);
        });
        using var transport = NewTransport(peer.Endpoint, ApiVersion.Newest);
        Assert.Equal(400, (await Assert.ThrowsAsync<ApiException>(() => transport.CallAsync(s_get, Cancel).AsTask())).Status);
    }

    [Theory]
    [InlineData("HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nearly", true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nearly", false)]
    public async Task A_hijacked_connection_is_raw_both_ways_and_ends_one_way_at_a_time(string head, bool multiplexed)
    {
        string? sent = null;
        using var peer = NewPeer(connection =>
        {
            string request = connection.ReadRequest();
            Assert.Contains("Upgrade: tcp\r\n", request, StringComparison.Ordinal);
            Assert.EndsWith("\r\n\r\n{}", request, StringComparison.Ordinal);
            connection.Write(head);
            sent = connection.ReadAll();
            connection.Write("late");
        });
        using var transport = NewTransport(peer.Endpoint, null);
        using var hijacked = await transport.HijackAsync(new ApiRequest("POST", "/attach") { Body = "{}"u8.ToArray() }, Cancel);
        Assert.Equal(multiplexed, hijacked.Multiplexed);
        byte[] early = new byte[5];
        await hijacked.Stream.ReadExactlyAsync(early, Cancel);
        await hijacked.Stream.WriteAsync("ab"u8.ToArray(), Cancel);
        hijacked.Stream.Write("c"u8);
        await hijacked.CloseWriteAsync();
        using var rest = new MemoryStream();
        await hijacked.Stream.CopyToAsync(rest, Cancel);
        Assert.Equal("abc", sent);
        Assert.Equal("earlylate", Encoding.ASCII.GetString([.. early, .. rest.ToArray()]));
    }

    /// <summary>A program that closed its output may go on reading.</summary>
    [Fact]
    public async Task A_hijacked_connection_whose_output_ended_still_takes_input()
    {
        string? sent = null;
        using var peer = NewPeer(connection =>
        {
            connection.ReadRequest();
            connection.Write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nout");
            connection.CloseSend();
            sent = connection.ReadAll();
        });
        using (var transport = NewTransport(peer.Endpoint, null))
        using (var hijacked = await transport.HijackAsync(new ApiRequest("POST", "/attach"), Cancel))
        {
            using var output = new MemoryStream();
            await hijacked.Stream.CopyToAsync(output, Cancel);
            Assert.Equal("out", Encoding.ASCII.GetString(output.ToArray()));
            await hijacked.Stream.WriteAsync("in"u8.ToArray(), Cancel);
            await hijacked.CloseWriteAsync();
        }

        peer.Dispose();
        Assert.Equal("in", sent);
    }

    [Fact]
    public async Task A_refused_hijack_is_the_daemons_error()
    {
        using var peer = NewPeer(connection =>
        {
            connection.ReadRequest();
            connection.Json("{\"message\":\"paused\"}", 409);
        });
        using var transport = NewTransport(peer.Endpoint, null);
        Assert.True((await Assert.ThrowsAsync<ApiException>(() => transport.HijackAsync(new ApiRequest("POST", "/attach"), Cancel).AsTask())).IsConflict);
    }

    [Fact]
    public async Task A_stream_is_sent_in_chunks_in_a_version_that_is_settled_before()
    {
        byte[] content = new byte[700_000];
        Random.Shared.NextBytes(content);
        string? chunked = null;
        using var peer = NewPeer(
            connection =>
            {
                connection.ReadRequest();
                connection.Write("HTTP/1.1 200 OK\r\nApi-Version: 1.44\r\nContent-Length: 0\r\n\r\n");
                connection.WaitForEnd();
            },
            connection =>
            {
                chunked = connection.ReadUntil("\r\n0\r\n\r\n");
                connection.Json("{}");
            });
        using var transport = NewTransport(peer.Endpoint, null);
        using (await transport.CallAsync(new ApiRequest("POST", "/load") { BodyStream = new MemoryStream(content), ContentType = "application/x-tar" }, Cancel))
            Assert.Equal(new ApiVersion(1, 44), transport.Version);
        Assert.StartsWith("POST /v1.44/load HTTP/1.1\r\n", chunked, StringComparison.Ordinal);
        Assert.Contains("Transfer-Encoding: chunked\r\n", chunked, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/x-tar\r\n", chunked, StringComparison.Ordinal);
        Assert.Equal(content, Unchunk(chunked!));
    }

    /// <summary>The daemon tells its progress while it receives.</summary>
    [Fact]
    public async Task An_upload_is_answered_before_it_ends()
    {
        using var answered = new SemaphoreSlim(0);
        using var peer = NewPeer(connection =>
        {
            Assert.Contains("first", connection.ReadUntil("first"), StringComparison.Ordinal);
            connection.Write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nprogress\r\n");
            connection.ReadUntil("\r\n0\r\n\r\n");
            connection.Write("0\r\n\r\n");
        });
        using var transport = NewTransport(peer.Endpoint, ApiVersion.Newest);
        using var response = await transport.CallAsync(new ApiRequest("POST", "/load") { BodyStream = new GatedStream("first", answered) }, Cancel);
        byte[] progress = new byte[8];
        await response.Body.ReadExactlyAsync(progress, Cancel);
        answered.Release();
        Assert.Equal("progress", Encoding.ASCII.GetString(progress));
        Assert.Empty(await response.ReadAllAsync(Cancel));
    }

    [Fact]
    public async Task A_refusal_in_the_middle_of_an_upload_is_told()
    {
        using var peer = NewPeer(connection =>
        {
            connection.ReadUntil("\r\n\r\n");
            connection.Json("{\"message\":\"no space left on device\"}", 500);
        });
        using var transport = NewTransport(peer.Endpoint, ApiVersion.Newest);
        var failure = await Assert.ThrowsAsync<ApiException>(
            () => transport.CallAsync(new ApiRequest("POST", "/load") { BodyStream = new PatternStream() }, Cancel).AsTask());
        Assert.Equal("no space left on device", failure.Message);
    }

    [Fact]
    public async Task An_upload_whose_source_breaks_does_not_look_whole()
    {
        string? got = null;
        using var peer = NewPeer(connection =>
        {
            got = connection.ReadAll();
            connection.Json("{\"message\":\"unexpected EOF\"}", 400);
        });
        using var transport = NewTransport(peer.Endpoint, ApiVersion.Newest);
        var failure = await Assert.ThrowsAsync<ApiException>(
            () => transport.CallAsync(new ApiRequest("POST", "/load") { BodyStream = new PatternStream(breaksAfter: 1) }, Cancel).AsTask());
        Assert.Equal("unexpected EOF", failure.Message);
        Assert.DoesNotContain("\r\n0\r\n\r\n", got, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listening_has_a_message_of_its_own()
    {
        string text;
        DaemonEndpoint endpoint;
        using (var peer = NewPeer())
            (text, endpoint) = (peer.Endpoint.Text, peer.Endpoint);
        using var transport = NewTransport(endpoint, null);
        foreach (string method in new[] { "GET", "POST" })
        {
            Assert.Equal(
                $"Cannot connect to the Hafen daemon at {text}. Is the hafen daemon running?",
                (await Assert.ThrowsAsync<DaemonUnreachableException>(() => transport.CallAsync(new ApiRequest(method, "/x"), Cancel).AsTask())).Message);
        }

        await Assert.ThrowsAsync<DaemonUnreachableException>(() => transport.HijackAsync(new ApiRequest("POST", "/attach"), Cancel).AsTask());
    }

    [Fact]
    public void Requests_can_travel_at_the_same_time()
    {
        using var both = new CountdownEvent(2);
        void Answer(RawConnection connection)
        {
            connection.ReadRequest();
            both.Signal();
            both.Wait();
            connection.Json("{}");
        }

        using var peer = NewPeer(Answer, Answer);
        using var transport = NewTransport(peer.Endpoint, null);
        using var first = transport.Begin(s_get);
        using var second = transport.Begin(s_get);
        first.Read().Dispose();
        second.Read().Dispose();
    }

    [Fact]
    public void A_request_that_nobody_reads_the_answer_of_leaves_no_connection()
    {
        using var arrived = new ManualResetEventSlim();
        using var peer = NewPeer(connection =>
        {
            connection.ReadRequest();
            arrived.Set();
            connection.WaitForEnd();
        });
        using var transport = NewTransport(peer.Endpoint, null);
        using (transport.Begin(s_get))
            arrived.Wait(Cancel);

        // The peer's script ends when the connection does.
        peer.Dispose();
    }

    [Fact]
    public async Task A_cancelled_request_leaves_no_connection_and_is_not_sent_again()
    {
        using var cancelling = new CancellationTokenSource();
        using var peer = NewPeer(connection =>
        {
            connection.ReadRequest();
            cancelling.Cancel();
            connection.WaitForEnd();
        });
        using var transport = NewTransport(peer.Endpoint, null);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transport.CallAsync(s_get, cancelling.Token).AsTask());
        peer.Dispose();
        Assert.Equal(1, peer.Accepted);
    }

    [Fact]
    public async Task What_is_cancelled_before_does_not_reach_the_daemon()
    {
        using var peer = NewPeer(connection => connection.ReadRequest());
        using var transport = NewTransport(peer.Endpoint, null);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transport.CallAsync(s_get, new CancellationToken(canceled: true)).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transport.HijackAsync(s_get, new CancellationToken(canceled: true)).AsTask());
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nhello")]
    public async Task Reading_a_body_can_be_cancelled_at_every_point(string answer)
    {
        using var cancelling = new CancellationTokenSource();
        using var reading = new ManualResetEventSlim();
        using var peer = NewPeer(connection =>
        {
            connection.ReadRequest();
            connection.Write(answer);
            reading.Wait();
            cancelling.Cancel();
            connection.WaitForEnd();
        });
        using var transport = NewTransport(peer.Endpoint, null);
        using (var response = await transport.CallAsync(s_get, cancelling.Token))
        {
            byte[] start = new byte[5];
            await response.Body.ReadExactlyAsync(start, cancelling.Token);
            reading.Set();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => response.Body.ReadAsync(new byte[1], cancelling.Token).AsTask());
        }

        peer.Dispose();
    }

    [Fact]
    public async Task A_hijack_and_an_upload_can_be_cancelled()
    {
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        using var peer = NewPeer(
            connection =>
            {
                connection.ReadRequest();
                first.Cancel();
                connection.WaitForEnd();
            },
            connection =>
            {
                connection.ReadUntil("\r\n\r\n");
                second.Cancel();
                connection.WaitForEnd();
            });
        using var transport = NewTransport(peer.Endpoint, ApiVersion.Newest);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transport.HijackAsync(new ApiRequest("POST", "/attach"), first.Token).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => transport.CallAsync(new ApiRequest("POST", "/load") { BodyStream = new PatternStream() }, second.Token).AsTask());
        peer.Dispose();
    }

    [Fact]
    public async Task An_answer_without_end_that_is_left_ends_its_connection()
    {
        using var peer = NewPeer(
            connection =>
            {
                connection.ReadRequest();
                connection.Write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                connection.WaitForEnd();
            },
            connection =>
            {
                connection.ReadRequest();
                connection.Json("{}");
            });
        using var transport = NewTransport(peer.Endpoint, null);
        (await transport.CallAsync(s_get, Cancel)).Dispose();
        (await transport.CallAsync(s_get, Cancel)).Dispose();
        Assert.Equal(2, peer.Accepted);
    }

    private static byte[] Unchunk(string text)
    {
        var result = new List<byte>();
        int position = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        while (true)
        {
            int end = text.IndexOf("\r\n", position, StringComparison.Ordinal);
            int size = Convert.ToInt32(text[position..end], 16);
            if (size == 0)
                return [.. result];
            result.AddRange(Encoding.Latin1.GetBytes(text.Substring(end + 2, size)));
            position = end + 2 + size + 2;
        }
    }
}
