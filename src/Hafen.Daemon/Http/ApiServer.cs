using Hafen.Daemon.Http.Authorization;
using Hafen.Daemon.Http.Routing;
using Hafen.Daemon.Http.Transport;
using Hafen.Daemon.Lifetime;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hafen.Daemon.Http;

/// <summary>Kestrel without the framework around it: HTTP/1.1 on the daemon's own transport, answered by a <see cref="RouteTable"/>.</summary>
internal sealed class ApiServer : IDisposable
{
    // The limits Go's server has: generous heads, no limit for bodies and for how slowly a stream is read.
    private const int MaxHeadBytes = 1024 * 1024;
    private static readonly TimeSpan s_headTimeout = TimeSpan.FromMinutes(5);

    // As good as for ever. Kestrel adds its own to the time given, and an infinite one overflows: each second all idle connections would be closed, some
    // of them with a request that has just arrived.
    private static readonly TimeSpan s_keepAlive = TimeSpan.FromDays(30);

    private readonly Reactor _reactor = new();
    private readonly KestrelServer _kestrel;
    private readonly ILoggerFactory _loggers;
    private readonly IdleMemory _idle = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <param name="endPoints">The open sockets.</param>
    /// <param name="loggers">For the failures of requests.</param>
    /// <param name="headTimeout">How long the head of a request may take; null for the usual limit.</param>
    public ApiServer(IReadOnlyList<ApiEndPoint> endPoints, ILoggerFactory loggers, TimeSpan? headTimeout = null)
    {
        _loggers = loggers;
        var options = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.MaxRequestLineSize = MaxHeadBytes;
        options.Limits.MaxRequestHeadersTotalSize = MaxHeadBytes;
        options.Limits.MaxRequestBufferSize = null;
        options.Limits.MaxResponseBufferSize = 64 * 1024;
        options.Limits.KeepAliveTimeout = s_keepAlive;
        options.Limits.RequestHeadersTimeout = headTimeout ?? s_headTimeout;
        foreach (var endPoint in endPoints)
            options.Listen(endPoint, listen => listen.Protocols = HttpProtocols.Http1);
        _kestrel = new KestrelServer(Options.Create(options), new SocketListenerFactory(_reactor, loggers), loggers);
    }

    /// <summary>Cancelled when the server is about to stop.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Number of sockets held, listeners included.</summary>
    public int SocketCount => _reactor.Count;

    /// <summary>Begins to answer; returns once connections are accepted.</summary>
    /// <param name="routes">What can be asked for.</param>
    /// <param name="authorization">Says who may have what.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task StartAsync(RouteTable routes, IRequestAuthorization authorization, CancellationToken cancellationToken)
        => _kestrel.StartAsync(new ApiApplication(routes, authorization, _idle, _loggers.CreateLogger<ApiApplication>(), _stopping.Token), cancellationToken);

    /// <summary>Ends streams, lets requests finish until <paramref name="cancellationToken"/>, then cuts what is left.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _kestrel.StopAsync(cancellationToken);
    }

    public void Dispose()
    {
        _kestrel.Dispose();
        _idle.Dispose();
        _reactor.Dispose();
        _stopping.Dispose();
    }
}
