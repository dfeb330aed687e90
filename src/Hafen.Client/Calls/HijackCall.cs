using Hafen.Client.Http;

namespace Hafen.Client.Calls;

/// <summary>A call as data that turns its connection into a raw stream. Nothing is sent before it is run, and each run sends it.</summary>
public sealed class HijackCall
{
    private readonly IApiTransport _transport;

    internal HijackCall(IApiTransport transport, ApiRequest request)
    {
        _transport = transport;
        Request = request;
    }

    public ApiRequest Request { get; }

    /// <summary>Asks and waits for the connection. Errors are those of <see cref="IApiTransport"/>.</summary>
    public HijackedConnection Run() => _transport.Hijack(Request);

    /// <summary>Asks for the connection. Errors are those of <see cref="IApiTransport"/>.</summary>
    public ValueTask<HijackedConnection> RunAsync(CancellationToken cancellationToken) => _transport.HijackAsync(Request, cancellationToken);
}
