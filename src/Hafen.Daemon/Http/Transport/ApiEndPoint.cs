using System.Net;
using System.Net.Security;
using Hafen.Linux.Sockets;

namespace Hafen.Daemon.Http.Transport;

/// <summary>Where the API is served: a listening socket that is open already, so that failures show before anything else is begun.</summary>
/// <param name="name">As people write it, for example <c>unix:///run/hafen/hafen.sock</c>.</param>
/// <param name="listening">The socket.</param>
/// <param name="tls">How TLS is spoken on it; null for plain connections.</param>
internal sealed class ApiEndPoint(string name, StreamSocket listening, SslServerAuthenticationOptions? tls) : EndPoint
{
    public string Name => name;
    public StreamSocket Listening => listening;
    public SslServerAuthenticationOptions? Tls => tls;

    public override string ToString() => name;
}
