using Hafen.Client.Http;

namespace Hafen.Client.Calls;

/// <summary>A call as data whose answer is read as it comes. Nothing is sent before it is run, and each run sends it.</summary>
public sealed class StreamCall
{
    private readonly IApiTransport _transport;

    internal StreamCall(IApiTransport transport, ApiRequest request)
    {
        _transport = transport;
        Request = request;
    }

    public ApiRequest Request { get; }

    /// <summary>Asks and waits for the head of the answer. Errors are those of <see cref="IApiTransport"/>.</summary>
    /// <returns>The answer, which is the caller's to dispose.</returns>
    public ApiResponse Run() => _transport.Call(Request);

    /// <summary>Asks and reads the head of the answer. Errors are those of <see cref="IApiTransport"/>.</summary>
    /// <returns>The answer, which is the caller's to dispose.</returns>
    public ValueTask<ApiResponse> RunAsync(CancellationToken cancellationToken) => _transport.CallAsync(Request, cancellationToken);
}
