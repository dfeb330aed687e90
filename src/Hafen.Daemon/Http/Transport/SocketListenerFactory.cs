using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Hafen.Daemon.Http.Transport;

/// <summary>The transport of the server: binds <see cref="ApiEndPoint"/>s, all in one <see cref="Reactor"/>.</summary>
internal sealed class SocketListenerFactory(Reactor reactor, ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is ApiEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var api = (ApiEndPoint)endpoint;
        return ValueTask.FromResult<IConnectionListener>(new SocketListener(reactor, api, api.Listening, loggers.CreateLogger<SocketListener>()));
    }
}
