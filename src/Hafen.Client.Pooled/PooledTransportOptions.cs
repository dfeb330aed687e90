using System.Net;
using Hafen.Client.Pooled.Tls;

namespace Hafen.Client.Pooled;

/// <summary>How a <see cref="PooledTransport"/> reaches its daemon.</summary>
public sealed record PooledTransportOptions
{
    /// <summary>TLS and its files, or null for none. A unix socket needs none.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>The proxy for TCP, or null for none; <see cref="System.Net.Http.HttpClient.DefaultProxy"/> is that of the environment.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>How long a connection may take, with its TLS; null for docker's 32 s.</summary>
    public TimeSpan? ConnectLimit { get; init; }

    /// <summary>
    /// How long the head of an answer may take, or null for ever: a stop or a wait answers when the container has ended. The sending of the request
    /// counts, but for a body that is read while it is sent.
    /// </summary>
    public TimeSpan? HeadLimit { get; init; }

    /// <summary>The clock of <see cref="HeadLimit"/>; null for the system's.</summary>
    public TimeProvider? Time { get; init; }
}
