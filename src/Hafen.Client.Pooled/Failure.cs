using Hafen.Client.Errors;
using Hafen.Client.Pooled.Tls;

namespace Hafen.Client.Pooled;

/// <summary>Makes of the framework's exceptions those that all transports throw.</summary>
internal static class Failure
{
    /// <summary>What to throw for a request that got no head of an answer.</summary>
    public static Exception OfRequest(Exception exception, string endpoint)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is DaemonUnreachableException or TlsException or ProtocolException)
                return inner;
        }

        return exception switch
        {
            // Not the caller's cancellation: the limit for connecting.
            OperationCanceledException => new DaemonUnreachableException(endpoint, permissionDenied: false, "connect: connection timed out"),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new TlsException(endpoint, "the TLS handshake failed"),
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError }
                => new DaemonUnreachableException(endpoint, permissionDenied: false, exception.Message),
            _ => OfBody(exception),
        };
    }

    /// <summary>What to throw for an answer that breaks off.</summary>
    public static ProtocolException OfBody(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is ProtocolException known)
                return known;
            if (inner is System.Net.Sockets.SocketException socket)
                return new ProtocolException(new Linux.LinuxException(socket.NativeErrorCode, "read").Message);
        }

        var error = exception switch
        {
            HttpRequestException { HttpRequestError: var request } => request,
            HttpIOException { HttpRequestError: var body } => body,
            _ => HttpRequestError.Unknown,
        };
        return new ProtocolException(error switch
        {
            HttpRequestError.ResponseEnded => "unexpected EOF",
            HttpRequestError.ConfigurationLimitExceeded => "malformed HTTP response: a header line is too long",
            HttpRequestError.InvalidResponse => "malformed HTTP response",
            _ => "the connection to the daemon broke",
        });
    }
}
