using Hafen.Client.Http;

namespace Hafen.Client.Calls;

/// <summary>A call as data whose answer has no content of interest. Nothing is sent before it is run, and each run sends it.</summary>
public sealed class PlainCall
{
    private readonly IApiTransport _transport;

    internal PlainCall(IApiTransport transport, ApiRequest request)
    {
        _transport = transport;
        Request = request;
    }

    public ApiRequest Request { get; }

    /// <summary>Asks and waits. Errors are those of <see cref="IApiTransport"/>.</summary>
    public void Run()
    {
        using var response = _transport.Call(Request);
        response.ReadAll();
    }

    /// <summary>Asks. Errors are those of <see cref="IApiTransport"/>.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var response = await _transport.CallAsync(Request, cancellationToken);
        await response.ReadAllAsync(cancellationToken);
    }
}
