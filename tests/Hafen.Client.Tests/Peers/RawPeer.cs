using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Hafen.Client.Endpoints;

namespace Hafen.Client.Tests.Peers;

/// <summary>A peer on a unix socket, or on TCP behind TLS, that answers with given bytes and remembers what it got. One script a connection.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hafen-peer-").FullName;
    private readonly Socket _listener;
    private readonly List<Thread> _threads = [];
    private readonly List<Exception> _failures = [];
    private int _accepted;

    /// <param name="connections">What happens on the first, second, … connection.</param>
    public RawPeer(params Action<RawConnection>[] connections)
        : this(null, connections)
    {
    }

    /// <param name="authority">Who vouches for both sides of TLS, or null for a unix socket without.</param>
    /// <param name="connections">What happens on the first, second, … connection.</param>
    public RawPeer(TestAuthority? authority, params Action<RawConnection>[] connections)
    {
        if (authority is null)
        {
            string path = Path.Combine(_folder, "s");
            _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            _listener.Bind(new UnixDomainSocketEndPoint(path));
            Endpoint = DaemonEndpoint.Parse($"unix://{path}");
        }
        else
        {
            _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            Endpoint = DaemonEndpoint.Parse($"tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");
        }

        _listener.Listen(16);
        new Thread(() => Accept(authority, connections)).Start();
    }

    public DaemonEndpoint Endpoint { get; }

    /// <summary>Connections made so far.</summary>
    public int Accepted => _accepted;

    /// <summary>Waits for all scripts; what one of them found wrong is the test's failure.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        lock (_threads)
        {
            foreach (var thread in _threads)
                Assert.True(thread.Join(TimeSpan.FromSeconds(20)), "the peer's script does not end");
        }
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
        Assert.Empty(_failures);
    }

    private void Accept(TestAuthority? authority, Action<RawConnection>[] connections)
    {
        foreach (var script in connections)
        {
            Socket socket;
            try
            {
                socket = _listener.Accept();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The test needed fewer connections.
                return;
            }

            Interlocked.Increment(ref _accepted);
            var thread = new Thread(() => Serve(socket, authority, script));
            lock (_threads)
                _threads.Add(thread);
            thread.Start();
        }

        // One connection too many is refused instead of waiting for ever.
        _listener.Dispose();
    }

    private void Serve(Socket socket, TestAuthority? authority, Action<RawConnection> script)
    {
        try
        {
            using var stream = new NetworkStream(socket, ownsSocket: true);
            if (authority is null)
            {
                using var plain = new RawConnection(stream, socket);
                script(plain);
                return;
            }

            using var tls = new SslStream(stream);
            tls.AuthenticateAsServer(authority.Server());
            using var connection = new RawConnection(tls, socket);
            script(connection);
        }
        catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException or ObjectDisposedException)
        {
            // The client went away, or did not want us, which some tests are about.
        }
        catch (Exception exception)
        {
            lock (_threads)
                _failures.Add(exception);
        }
    }
}
