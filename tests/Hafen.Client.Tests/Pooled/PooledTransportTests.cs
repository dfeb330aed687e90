using System.Net;
using System.Net.Sockets;
using Hafen.Api;
using Hafen.Client.Containers;
using Hafen.Client.Endpoints;
using Hafen.Client.Errors;
using Hafen.Client.Http;
using Hafen.Client.Pooled;
using Hafen.Client.Pooled.Tls;
using Hafen.Client.Tests.Peers;
using Microsoft.Extensions.Time.Testing;

namespace Hafen.Client.Tests.Pooled;

/// <summary>What the pooled transport has beyond the contract of all transports: limits, TLS, proxies, many at a time.</summary>
public sealed class PooledTransportTests(TestAuthority authority) : IClassFixture<TestAuthority>
{
    private static readonly ApiRequest s_get = new("GET", "/x");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Slow: d")]
    public async Task A_head_that_does_not_come_within_its_limit_is_given_up(string drip)
    {
        var time = new FakeTimeProvider();
        using var peer = new RawPeer(connection =>
        {
            connection.ReadRequest();
            connection.Dribble(drip);
            time.Advance(TimeSpan.FromSeconds(5));
            connection.WaitForEnd();
        });
        using var transport = new PooledTransport(peer.Endpoint, new PooledTransportOptions { HeadLimit = TimeSpan.FromSeconds(5), Time = time });
        var failure = await Assert.ThrowsAsync<ProtocolException>(() => transport.CallAsync(s_get, Cancel).AsTask());
        Assert.Equal("timeout awaiting response headers", failure.Message);
        peer.Dispose();
    }

    [Fact]
    public async Task A_body_may_take_longer_than_a_head()
    {
        var time = new FakeTimeProvider();
        using var begun = new ManualResetEventSlim();
        using var peer = new RawPeer(connection =>
        {
            connection.ReadRequest();
            connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
            begun.Wait();
            time.Advance(TimeSpan.FromHours(1));
            connection.Write("{}");
        });
        using var transport = new PooledTransport(peer.Endpoint, new PooledTransportOptions { HeadLimit = TimeSpan.FromSeconds(5), Time = time });
        using var response = await transport.CallAsync(s_get, Cancel);
        begun.Set();
        Assert.Equal(2, (await response.ReadAllAsync(Cancel)).Length);
    }

    /// <summary>Somebody listens and says nothing: the kernel has connected, TLS waits.</summary>
    [Fact]
    public async Task A_connection_that_does_not_come_about_within_its_limit_is_given_up()
    {
        using var silent = new Listener();
        using var transport = new PooledTransport(
            silent.Endpoint, new PooledTransportOptions { Tls = authority.Files, ConnectLimit = TimeSpan.FromMilliseconds(1) });
        await Assert.ThrowsAsync<DaemonUnreachableException>(() => transport.CallAsync(s_get, Cancel).AsTask());
    }

    [Fact]
    public async Task A_request_that_is_cancelled_in_the_handshake_leaves_no_connection()
    {
        using var silent = new Listener();
        using var cancelling = new CancellationTokenSource();
        using var transport = new PooledTransport(silent.Endpoint, new PooledTransportOptions { Tls = authority.Files, ConnectLimit = TimeSpan.FromHours(1) });
        var asking = transport.CallAsync(s_get, cancelling.Token).AsTask();
        using var socket = await silent.AcceptAsync();
        byte[] buffer = new byte[4096];
        Assert.True(await socket.ReceiveAsync(buffer, Cancel) > 0);
        cancelling.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        new RawConnection(new NetworkStream(socket), socket).WaitForEnd();
    }

    [Fact]
    public async Task A_daemon_of_another_authority_is_not_believed_unless_nothing_is_verified()
    {
        using var other = new TestAuthority();
        int requests = 0;
        using var peer = new RawPeer(other, Answer, Answer);
        using (var careful = new PooledTransport(peer.Endpoint, new PooledTransportOptions { Tls = other.Files with { Authority = authority.Files.Authority } }))
        {
            Assert.Equal(
                $"Cannot connect to the Hafen daemon at {peer.Endpoint}: the daemon's certificate is signed by an unknown authority",
                (await Assert.ThrowsAsync<TlsException>(() => careful.CallAsync(s_get, Cancel).AsTask())).Message);
        }

        Assert.Equal(0, requests);
        using var careless = new PooledTransport(peer.Endpoint, new PooledTransportOptions { Tls = other.Files with { Authority = null, Verify = false } });
        (await careless.CallAsync(s_get, Cancel)).Dispose();
        Assert.Equal(1, requests);

        void Answer(RawConnection connection)
        {
            if (connection.ReadRequest().Length == 0)
                return;
            Interlocked.Increment(ref requests);
            connection.Json("{}");
        }
    }

    [Fact]
    public async Task A_daemon_with_the_certificate_of_another_host_is_not_believed()
    {
        using var peer = new RawPeer(authority, connection => connection.ReadRequest());
        using var transport = new PooledTransport(DaemonEndpoint.Parse($"tcp://localhost:{peer.Endpoint.Port}"), new PooledTransportOptions { Tls = authority.Files });
        Assert.EndsWith(
            "the daemon's certificate is for another host", (await Assert.ThrowsAsync<TlsException>(() => transport.CallAsync(s_get, Cancel).AsTask())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_without_a_certificate_is_not_let_in()
    {
        using var peer = new RawPeer(authority, connection => connection.Json("{}"));
        using var transport = new PooledTransport(peer.Endpoint, new PooledTransportOptions { Tls = authority.Files with { Certificate = null, Key = null } });
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => transport.CallAsync(new ApiRequest("POST", "/x"), Cancel).AsTask());
        Assert.True(failure is TlsException or ProtocolException, failure.ToString());
    }

    [Fact]
    public async Task A_proxy_is_asked_for_the_daemon()
    {
        string? got = null;
        using var proxy = new Listener();
        var serving = Task.Run(async () =>
        {
            using var socket = await proxy.AcceptAsync();
            using var connection = new RawConnection(new NetworkStream(socket), socket);
            got = connection.ReadRequest();
            connection.Json("{}");
        }, Cancel);
        using var transport = new PooledTransport(
            DaemonEndpoint.Parse("tcp://daemon.example:2375"), new PooledTransportOptions { Proxy = new WebProxy($"http://{proxy.Endpoint.HostHeader}") });
        (await transport.CallAsync(s_get, Cancel)).Dispose();
        await serving;
        Assert.StartsWith($"GET http://daemon.example:2375/v{ApiVersion.Newest}/x HTTP/1.1\r\n", got, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_requests_go_at_a_time_and_their_connections_are_kept()
    {
        const int width = 4;
        using var all = new Barrier(width);
        void Answer(RawConnection connection)
        {
            connection.ReadRequest();
            all.SignalAndWait();
            connection.Json("{}");
            // Which of them the later requests take is the pool's affair.
            while (connection.ReadRequest().Length > 0)
                connection.Json("{}");
        }

        using var peer = new RawPeer([.. Enumerable.Repeat<Action<RawConnection>>(Answer, width)]);
        using var client = new EngineClient(new PooledTransport(peer.Endpoint, new PooledTransportOptions()));
        await Task.WhenAll(Enumerable.Range(0, width).Select(_ => client.Daemon.Version().RunAsync(Cancel)));
        for (int round = 0; round < width; round++)
            (await client.Daemon.Info().RunAsync(Cancel)).Dispose();
        Assert.Equal(width, peer.Accepted);
    }

    [Fact]
    public async Task The_calls_of_the_client_go_over_it()
    {
        var seen = new List<string>();
        using var peer = new RawPeer(connection =>
        {
            foreach (string answer in new[] { "[]", "{\"StatusCode\":3}", "" })
            {
                seen.Add(connection.ReadRequest().Split(' ')[1]);
                connection.Json(answer);
            }
        });
        using var client = new EngineClient(new PooledTransport(peer.Endpoint, new PooledTransportOptions()));
        Assert.Empty(await client.Containers.List(new ContainerListOptions { All = true }).RunAsync(Cancel));
        Assert.Equal(3, (await client.Containers.Wait("a").RunAsync(Cancel)).StatusCode);
        await client.Containers.Stop("a", null, 5).RunAsync(Cancel);
        Assert.Equal(["/containers/json?all=1", "/containers/a/wait", "/containers/a/stop?t=5"], seen.Select(path => path[$"/v{ApiVersion.Newest}".Length..]));
    }

    /// <summary>Accepts by the kernel alone.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public Listener()
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _socket.Listen(16);
            Endpoint = DaemonEndpoint.Parse($"tcp://127.0.0.1:{((IPEndPoint)_socket.LocalEndPoint!).Port}");
        }

        public DaemonEndpoint Endpoint { get; }

        public Task<Socket> AcceptAsync() => _socket.AcceptAsync(Cancel).AsTask();

        public void Dispose() => _socket.Dispose();
    }
}
