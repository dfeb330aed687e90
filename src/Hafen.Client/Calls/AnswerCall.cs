using Hafen.Client.Http;

namespace Hafen.Client.Calls;

/// <summary>A call as data: what is asked, and how the answer is read. Nothing is sent before it is run, and each run sends it.</summary>
/// <typeparam name="T">The answer.</typeparam>
public sealed class AnswerCall<T>
{
    private readonly IApiTransport _transport;
    private readonly Func<byte[], T> _read;

    internal AnswerCall(IApiTransport transport, ApiRequest request, Func<byte[], T> read)
    {
        _transport = transport;
        Request = request;
        _read = read;
    }

    public ApiRequest Request { get; }

    /// <summary>Asks and waits. Errors are those of <see cref="IApiTransport"/>.</summary>
    public T Run()
    {
        using var response = _transport.Call(Request);
        return _read(response.ReadAll());
    }

    /// <summary>Asks. Errors are those of <see cref="IApiTransport"/>.</summary>
    public async Task<T> RunAsync(CancellationToken cancellationToken)
    {
        using var response = await _transport.CallAsync(Request, cancellationToken);
        return _read(await response.ReadAllAsync(cancellationToken));
    }
}
