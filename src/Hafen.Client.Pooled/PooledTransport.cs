using System.Net.Http.Headers;
using Hafen.Api;
using Hafen.Client.Endpoints;
using Hafen.Client.Errors;
using Hafen.Client.Http;
using Hafen.Client.Pooled.Tls;

namespace Hafen.Client.Pooled;

/// <summary>
/// Asynchronous requests over a pool of connections, for programs that stay: several threads at a time, TLS, proxies, limits (0123). Errors are those of
/// <see cref="IApiTransport"/>, and <see cref="TlsException"/>. An upload and a hijacked connection have connections of their own.
/// </summary>
public sealed class PooledTransport : IApiTransport
{
    private readonly PooledTransportOptions _options;
    private readonly VersionChoice _version;
    private readonly Dialer _dialer;
    private readonly HttpMessageInvoker _pool;

    /// <param name="endpoint">Where the daemon listens.</param>
    /// <param name="options">How it is reached.</param>
    /// <param name="version">A version to insist on, or null to negotiate.</param>
    /// <exception cref="TlsException">The files for TLS cannot be used.</exception>
    public PooledTransport(DaemonEndpoint endpoint, PooledTransportOptions options, ApiVersion? version = null)
    {
        Endpoint = endpoint;
        _options = options;
        _version = new VersionChoice(version);
        _dialer = new Dialer(endpoint, options);
        _pool = _dialer.NewClient();
    }

    public DaemonEndpoint Endpoint { get; }

    public ApiVersion Version => _version.Current;

    public ApiResponse Call(ApiRequest request) => CallAsync(request, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public async ValueTask<ApiResponse> CallAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        // A streamed body cannot be sent twice, so the version is settled before it.
        if (request.BodyStream is not null && !_version.IsSettled)
            await PingAsync(cancellationToken);
        return await AskAsync(request, cancellationToken);
    }

    public PendingResponse Begin(ApiRequest request)
    {
        var cancelling = new CancellationTokenSource();
        return new PooledPending(SendAsync(request, Version, cancelling.Token), cancelling);
    }

    public HijackedConnection Hijack(ApiRequest request) => HijackAsync(request, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public async ValueTask<HijackedConnection> HijackAsync(ApiRequest request, CancellationToken cancellationToken)
        => Taken(await AskAsync(request with { Upgrade = true }, cancellationToken));

    public void Dispose() => _pool.Dispose();

    /// <summary>The connection of an answer that gives it away; old daemons answer 200 and do so all the same.</summary>
    /// <exception cref="ProtocolException">It does not.</exception>
    internal static HijackedConnection Taken(PooledResponse response)
    {
        if (response.Head.Status is 101 or 200)
            return response.ToHijacked();
        response.Dispose();
        throw new ProtocolException($"the daemon did not give the connection away: status {response.Head.Status}");
    }

    private async Task<PooledResponse> AskAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var asked = Version;
            var response = await SendAsync(request, asked, cancellationToken);
            try
            {
                await response.ThrowIfErrorAsync(cancellationToken);
                if (!request.Unversioned)
                    _version.Settle();
                return response;
            }
            catch (ApiException exception) when (_version.Lower(exception, asked))
            {
                response.Dispose();
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
    }

    private async Task PingAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new ApiRequest("GET", "/_ping") { Unversioned = true }, Version, cancellationToken);
        await response.ReadAllAsync(cancellationToken);
        _version.Settle(response.Head);
    }

    private Task<PooledResponse> SendAsync(ApiRequest request, ApiVersion version, CancellationToken cancellationToken)
        => SendAsync(request, version, alone: request.Upgrade || request.BodyStream is not null, cancellationToken);

    private async Task<PooledResponse> SendAsync(ApiRequest request, ApiVersion version, bool alone, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // 1. A connection of its own for what takes the connection away, or its sending side.
        var exchange = alone ? Exchange.OfItsOwn(_dialer) : Exchange.OverPool(_pool);
        try
        {
            // 2. Send, and wait for the head no longer than it may take.
            using var limit = _options.HeadLimit is { } span ? new CancellationTokenSource(span, _options.Time ?? TimeProvider.System) : null;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit?.Token ?? CancellationToken.None);
            HttpResponseMessage answer;
            try
            {
                answer = await exchange.Client.SendAsync(Message(request, version, exchange, either.Token), either.Token);
            }
            catch (HttpRequestException exception) when (request.IsRepeatable && !alone && exception.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.Unknown)
            {
                // The peer closed a kept connection in this moment, and a fresh one decides.
                return await SendAsync(request, version, alone: true, cancellationToken);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException or DaemonUnreachableException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw limit?.IsCancellationRequested == true
                    ? new ProtocolException("timeout awaiting response headers")
                    : Failure.OfRequest(exception, Endpoint.Text);
            }

            // 3. What came is judged as the other transports judge it.
            try
            {
                return new PooledResponse(answer, Head(answer), exchange);
            }
            catch
            {
                answer.Dispose();
                throw;
            }
        }
        catch
        {
            exchange.Dispose();
            throw;
        }
    }

    private HttpRequestMessage Message(ApiRequest request, ApiVersion version, Exchange exchange, CancellationToken cancellationToken)
    {
        // The path goes out as it is: names with dots or escaped slashes are the daemon's to understand.
        string path = request.Unversioned ? request.Path : $"/v{version}{request.Path}";
        var message = new HttpRequestMessage(
            new HttpMethod(request.Method), new Uri(_dialer.Address + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        message.Headers.UserAgent.ParseAdd("Hafen-Client/0.1.0 (linux)");
        if (request.Upgrade)
        {
            message.Headers.Connection.Add("Upgrade");
            message.Headers.Upgrade.ParseAdd("tcp");
        }

        // Where the framework sends no body it takes a connection that ends without an answer for one that was closed before, and asks once more. An empty body forbids it.
        if (request.BodyStream is { } stream)
            message.Content = exchange.Upload(stream);
        else if (request.Body is { } body)
            message.Content = new ReadOnlyMemoryContent(body);
        else if (!request.IsRepeatable)
            message.Content = new ReadOnlyMemoryContent(ReadOnlyMemory<byte>.Empty);
        if (request.ContentType is { } type && message.Content is not null)
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        Dialer.Bind(message, cancellationToken);
        return message;
    }

    /// <exception cref="ProtocolException">The body has no length that can be relied on.</exception>
    private static ResponseHead Head(HttpResponseMessage message)
    {
        var headers = new Dictionary<string, string>(12, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in message.Headers.NonValidated)
            headers[name] = string.Join(", ", values);
        foreach (var (name, values) in message.Content.Headers.NonValidated)
            headers[name] = string.Join(", ", values);
        return new ResponseHead((int)message.StatusCode, headers);
    }
}
