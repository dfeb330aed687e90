using System.Text;
using Hafen.Api;
using Hafen.Client.Errors;
using Hafen.Client.Http;

namespace Hafen.Client.Tests.Http;

public sealed class TransportTests
{
    private static readonly ApiRequest s_get = new("GET", "/x");

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=y\r\nh\r\n4\r\nello\r\n0\r\nTrailer: t\r\n\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello")]
    public void A_body_is_read_whatever_its_framing_and_borders(string answer)
    {
        using var peer = new RawPeer(connection =>
        {
            connection.ReadRequest();
            connection.Dribble(answer);
            connection.ReadRequest();
            connection.Write(answer);
        });
        using var transport = new ApiTransport(peer.Endpoint);
        for (int round = 0; round < 2; round++)
        {
            using var response = transport.Call(s_get);
            Assert.Equal("hello", Encoding.ASCII.GetString(response.ReadAll()));
        }

        Assert.Equal(1, peer.Accepted);
    }

    [Fact]
    public void A_body_without_length_ends_with_the_connection()
    {
        using var peer = new RawPeer(
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
        using var transport = new ApiTransport(peer.Endpoint);
        using (var response = transport.Call(s_get))
            Assert.Equal("hello", Encoding.ASCII.GetString(response.ReadAll()));
        using (transport.Call(s_get))
            Assert.Equal(2, peer.Accepted);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n")]
    public void A_body_cut_off_or_broken_is_an_error(string answer)
    {
        using var peer = new RawPeer(connection =>
        {
            connection.ReadRequest();
            connection.Write(answer);
        });
        using var transport = new ApiTransport(peer.Endpoint);
        using var response = transport.Call(s_get);
        Assert.Throws<ProtocolException>(() => response.ReadAll());
    }

    [Theory]
    [InlineData("{\"message\":\"No such container: a\"}", "No such container: a")]
    [InlineData("{\"message\":\"with end\\n\"}", "with end")]
    [InlineData("plain text\n", "plain text")]
    [InlineData("", "request returned status 404 without a message; check if the server supports the requested API version")]
    public void An_error_has_the_daemons_message(string body, string message)
    {
        using var peer = new RawPeer(connection =>
        {
            connection.ReadRequest();
            connection.Json(body, 404);
            connection.ReadRequest();
            connection.Json("{}");
        });
        using var transport = new ApiTransport(peer.Endpoint);
        var failure = Assert.Throws<ApiException>(() => transport.Call(s_get));
        Assert.Equal((404, message), (failure.Status, failure.Message));
        Assert.True(failure.IsNotFound);

        // The connection survives an error.
        transport.Call(s_get).Dispose();
        Assert.Equal(1, peer.Accepted);
    }

    [Fact]
    public void A_kept_connection_that_the_peer_closed_is_replaced()
    {
        using var closed = new ManualResetEventSlim();
        using var peer = new RawPeer(
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
        using var transport = new ApiTransport(peer.Endpoint);
        using (var first = transport.Call(s_get))
            first.ReadAll();
        closed.Wait();
        using var second = transport.Call(s_get);
        Assert.Equal("{\"second\":true}", Encoding.ASCII.GetString(second.ReadAll()));
    }

    /// <summary>What the daemon may have read it may have acted on: a second restart, a second container.</summary>
    [Theory]
    [InlineData("POST", false)]
    [InlineData("DELETE", false)]
    [InlineData("GET", true)]
    public void A_request_that_arrived_is_sent_again_only_when_it_merely_asks(string method, bool again)
    {
        var seen = new List<string>();
        using var peer = new RawPeer(
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
        using var transport = new ApiTransport(peer.Endpoint);
        using (var first = transport.Call(s_get))
            first.ReadAll();
        var request = new ApiRequest(method, "/x");
        if (again)
            transport.Call(request).Dispose();
        else
            Assert.True(Assert.Throws<ProtocolException>(() => transport.Call(request)).NothingReceived);
        Assert.Equal(again ? [method, method] : [method], seen);
    }

    [Fact]
    public void What_must_not_be_sent_twice_does_not_go_to_a_kept_connection_that_is_closed()
    {
        using var closed = new ManualResetEventSlim();
        string? received = null;
        using var peer = new RawPeer(
            connection =>
            {
                connection.ReadRequest();
                connection.Json("{}");
                connection.Dispose();
                closed.Set();
            },
            connection =>
            {
                received = connection.ReadRequest();
                connection.Json("{}");
            });
        using var transport = new ApiTransport(peer.Endpoint);
        using (var first = transport.Call(s_get))
            first.ReadAll();
        closed.Wait(TestContext.Current.CancellationToken);
        transport.Call(new ApiRequest("POST", "/restart")).Dispose();
        Assert.StartsWith("POST ", received, StringComparison.Ordinal);
    }

    [Fact]
    public void An_older_daemon_is_spoken_to_in_its_version()
    {
        var seen = new List<string>();
        using var peer = new RawPeer(connection =>
        {
            seen.Add(connection.ReadRequest().Split("\r\n")[0]);
            connection.Json("{\"message\":\"client version 1.51 is too new. Maximum supported API version is 1.41\"}", 400);
            seen.Add(connection.ReadRequest().Split("\r\n")[0]);
            connection.Json("{}");
            seen.Add(connection.ReadRequest().Split("\r\n")[0]);
            connection.Json("{}");
        });
        using var transport = new ApiTransport(peer.Endpoint);
        transport.Call(s_get).Dispose();
        transport.Call(s_get).Dispose();
        Assert.Equal([$"GET /v{ApiVersion.Newest}/x HTTP/1.1", "GET /v1.41/x HTTP/1.1", "GET /v1.41/x HTTP/1.1"], seen);
    }

    [Fact]
    public void A_version_that_is_insisted_on_is_not_lowered()
    {
        using var peer = new RawPeer(connection =>
        {
            connection.ReadRequest();
            connection.Json("{\"message\":\"client version 1.51 is too new. Maximum supported API version is 1.41\"}", 400);
        });
        using var transport = new ApiTransport(peer.Endpoint, ApiVersion.Newest);
        Assert.Equal(400, Assert.Throws<ApiException>(() => transport.Call(s_get)).Status);
    }

    [Theory]
    [InlineData("HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nearly", true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nearly", false)]
    public void A_hijacked_connection_is_raw_both_ways(string head, bool multiplexed)
    {
        string? sent = null;
        using var peer = new RawPeer(connection =>
        {
            Assert.Contains("Upgrade: tcp\r\n", connection.ReadRequest(), StringComparison.Ordinal);
            connection.Write(head);
            sent = connection.ReadAll();
            connection.Write("late");
        });
        using var transport = new ApiTransport(peer.Endpoint);
        using var hijacked = transport.Hijack(new ApiRequest("POST", "/attach"));
        Assert.Equal(multiplexed, hijacked.Multiplexed);
        var received = hijacked.Received.ToList();
        Assert.Equal(3, Linux.Descriptors.RawDescriptor.Write(hijacked.Descriptor, "abc"u8));
        hijacked.CloseWrite();
        byte[] buffer = new byte[64];
        int count;
        while ((count = Linux.Descriptors.RawDescriptor.Read(hijacked.Descriptor, buffer)) > 0)
            received.AddRange(buffer.AsSpan(0, count));
        Assert.Equal("abc", sent);
        Assert.Equal("earlylate", Encoding.ASCII.GetString([.. received]));
    }

    [Fact]
    public void A_refused_hijack_is_the_daemons_error()
    {
        using var peer = new RawPeer(connection =>
        {
            connection.ReadRequest();
            connection.Json("{\"message\":\"paused\"}", 409);
        });
        using var transport = new ApiTransport(peer.Endpoint);
        Assert.True(Assert.Throws<ApiException>(() => transport.Hijack(new ApiRequest("POST", "/attach"))).IsConflict);
    }

    [Fact]
    public void A_stream_is_sent_in_chunks_and_a_file_with_its_length()
    {
        byte[] content = new byte[700_000];
        Random.Shared.NextBytes(content);
        string? chunked = null, whole = null;
        using var peer = new RawPeer(
            connection =>
            {
                connection.ReadRequest();
                connection.Write("HTTP/1.1 200 OK\r\nApi-Version: 1.44\r\nContent-Length: 0\r\n\r\n");
            },
            connection =>
            {
                chunked = connection.ReadUntil("\r\n0\r\n\r\n");
                connection.Json("{}");
            },
            connection =>
            {
                whole = connection.ReadRequest();
                connection.Json("{}");
            });
        using var transport = new ApiTransport(peer.Endpoint);
        using (transport.Call(new ApiRequest("POST", "/load") { BodyStream = new MemoryStream(content) }))
            Assert.Equal(new ApiVersion(1, 44), transport.Version);
        Assert.Contains("Transfer-Encoding: chunked", chunked, StringComparison.Ordinal);
        Assert.Equal(content, Unchunk(chunked!));

        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, content);
            using var file = File.OpenRead(path);
            using (transport.Call(new ApiRequest("POST", "/load") { BodyStream = file }))
                Assert.Equal(content, Encoding.Latin1.GetBytes(whole![(whole!.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_refusal_in_the_middle_of_an_upload_is_told()
    {
        using var peer = new RawPeer(
            connection =>
            {
                connection.ReadRequest();
                connection.Json("");
            },
            connection =>
            {
                connection.ReadUntil("\r\n\r\n");
                connection.Json("{\"message\":\"no space left on device\"}", 500);
            });
        using var transport = new ApiTransport(peer.Endpoint);
        var failure = Assert.Throws<ApiException>(() => transport.Call(new ApiRequest("POST", "/load") { BodyStream = new EndlessStream() }));
        Assert.Equal("no space left on device", failure.Message);
    }

    [Fact]
    public void Nobody_listening_has_a_message_of_its_own()
    {
        using var transport = new ApiTransport(Client.Endpoints.DaemonEndpoint.Parse("unix:///nonexistent/hafen.sock"));
        Assert.Equal(
            "Cannot connect to the Hafen daemon at unix:///nonexistent/hafen.sock. Is the hafen daemon running?",
            Assert.Throws<DaemonUnreachableException>(() => transport.Call(s_get)).Message);
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

        using var peer = new RawPeer(Answer, Answer);
        using var transport = new ApiTransport(peer.Endpoint);
        using var first = transport.Begin(s_get);
        using var second = transport.Begin(s_get);
        first.Read().Dispose();
        second.Read().Dispose();
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

    private sealed class EndlessStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => count;

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
