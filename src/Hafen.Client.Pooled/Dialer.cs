using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Hafen.Client.Endpoints;
using Hafen.Client.Errors;
using Hafen.Linux;

namespace Hafen.Client.Pooled;

/// <summary>Connects to one daemon and makes the framework's clients that speak over the connections.</summary>
internal sealed class Dialer
{
    /// <summary>What docker's client allows.</summary>
    private const int ConnectSeconds = 32;

    /// <summary>Largest head in KiB; an answer of the daemon has a few hundred bytes.</summary>
    private const int HeadKilobytes = 64;

    private static readonly HttpRequestOptionsKey<CancellationToken> s_cancelled = new("hafen.cancelled");
    private static readonly HttpRequestOptionsKey<CancellationTokenRegistration> s_handshake = new("hafen.handshake");
    private static readonly HttpRequestOptionsKey<Socket> s_socket = new("hafen.socket");

    private readonly DaemonEndpoint _endpoint;
    private readonly PooledTransportOptions _options;
    private readonly SslClientAuthenticationOptions? _tls;

    /// <exception cref="Tls.TlsException">The files for TLS cannot be used.</exception>
    public Dialer(DaemonEndpoint endpoint, PooledTransportOptions options)
    {
        _endpoint = endpoint;
        _options = options;
        if (endpoint.SocketPath is null)
            _tls = options.Tls?.Load(endpoint.Text);
        Address = endpoint.SocketPath is not null ? $"http://{endpoint.HostHeader}" : $"{(_tls is null ? "http" : "https")}://{endpoint.HostHeader}";
    }

    /// <summary>What a request's path is put behind.</summary>
    public string Address { get; }

    /// <summary>Lets the connecting for a request end with the request: the framework would go on with it for some seconds, for others.</summary>
    public static void Bind(HttpRequestMessage message, CancellationToken cancellationToken) => message.Options.Set(s_cancelled, cancellationToken);

    /// <summary>A client with a pool of its own.</summary>
    /// <param name="connected">Takes hold of a connection before it is used, or null.</param>
    public HttpMessageInvoker NewClient(Action<ConnectionStream>? connected = null)
    {
        var handler = new SocketsHttpHandler
        {
            // A redirection is an error to be told: what is meant for this daemon goes to no other.
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            UseProxy = _options.Proxy is not null && _endpoint.SocketPath is null,
            Proxy = _options.Proxy,
            ConnectTimeout = _options.ConnectLimit ?? TimeSpan.FromSeconds(ConnectSeconds),
            MaxResponseHeadersLength = HeadKilobytes,

            // A body that is left unread ends its connection: it may have no end.
            MaxResponseDrainSize = 0,
            ConnectCallback = ConnectAsync,
            PlaintextStreamFilter = (context, _) => ValueTask.FromResult(Connected(context, connected)),
        };
        if (_tls is not null)
            handler.SslOptions = _tls;
        return new HttpMessageInvoker(handler, disposeHandler: true);
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var options = context.InitialRequestMessage.Options;
        options.TryGetValue(s_cancelled, out var cancelled);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, cancelled);
        var socket = _endpoint.SocketPath is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(_endpoint.SocketPath is { } path ? UnixAddress(path) : context.DnsEndPoint, either.Token);
            options.Set(s_socket, socket);
            options.Set(s_handshake, cancelled.UnsafeRegister(static socket => ((Socket)socket!).Dispose(), socket));
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            int errno = exception.NativeErrorCode;
            throw new DaemonUnreachableException(
                _endpoint.Text, errno == Errno.EACCES, new LinuxException(errno, "connect", _endpoint.SocketPath ?? _endpoint.HostHeader).Message);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private UnixDomainSocketEndPoint UnixAddress(string path)
    {
        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentException)
        {
            throw new DaemonUnreachableException(_endpoint.Text, permissionDenied: false, new LinuxException(Errno.ENAMETOOLONG, "connect", path).Message);
        }
    }

    /// <summary>The connection stands, with its TLS.</summary>
    private static Stream Connected(SocketsHttpPlaintextStreamFilterContext context, Action<ConnectionStream>? connected)
    {
        if (context.InitialRequestMessage.Options.TryGetValue(s_handshake, out var handshake))
            handshake.Dispose();
        if (connected is null)
            return context.PlaintextStream;
        context.InitialRequestMessage.Options.TryGetValue(s_socket, out var socket);
        var stream = new ConnectionStream(context.PlaintextStream, socket);
        connected(stream);
        return stream;
    }
}
