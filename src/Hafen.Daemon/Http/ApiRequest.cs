using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Hafen.Api;
using Hafen.Daemon.Http.Hijack;
using Hafen.Daemon.Versions;
using Hafen.Engine;
using Hafen.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Hafen.Daemon.Http;

/// <summary>A request of the Engine API and its answer, as route handlers use them.</summary>
public sealed class ApiRequest(HttpContext http, ApiVersion version, IReadOnlyDictionary<string, string> values, CancellationToken aborted)
{
    /// <summary>Hears of a failure of this server that the client learns as part of its answer.</summary>
    internal Action<Exception>? OnFault { get; init; }

    internal void ReportFault(Exception failure) => OnFault?.Invoke(failure);

    /// <summary>Largest JSON body; more is refused before it is kept in memory.</summary>
    public const int MaxJsonBody = 8 * 1024 * 1024;

    public HttpContext Http => http;

    /// <summary>The API version the client speaks.</summary>
    public ApiVersion Version => version;

    /// <summary>Whether the client's version has it.</summary>
    internal bool Has(ApiFeature feature) => version >= feature.Since;

    /// <summary>
    /// Cancelled when the client is gone or the daemon ends. For requests that only watch or stream; a change that has begun is finished.
    /// </summary>
    public CancellationToken Aborted => aborted;

    /// <summary>The request's body as it comes, without a limit.</summary>
    public Stream Body => http.Request.Body;

    /// <summary>Whether the request brings a body at all.</summary>
    public bool HasBody => http.Request.ContentLength > 0 || http.Request.Headers.TransferEncoding.Count > 0;

    /// <summary>Where the response's body goes.</summary>
    public PipeWriter Output => http.Response.BodyWriter;

    /// <summary>A place of the route's pattern.</summary>
    public string this[string place] => values[place];

    /// <summary>A query parameter; null when absent, the first when given more than once.</summary>
    public string? Query(string name) => http.Request.Query.TryGetValue(name, out var found) && found.Count > 0 ? found[0] : null;

    /// <summary>All values of a query parameter.</summary>
    public StringValues QueryAll(string name) => http.Request.Query[name];

    /// <summary>A flag as Docker reads it: everything but <c>"" 0 no false none</c> is true.</summary>
    public bool QueryFlag(string name, bool absent = false)
        => Query(name) is not { } text ? absent : text.Trim().ToLowerInvariant() is not ("" or "0" or "no" or "false" or "none");

    /// <summary>A whole number; null when absent or empty.</summary>
    /// <exception cref="EngineException">It is no number.</exception>
    public int? QueryInt(string name)
    {
        string? text = Query(name);
        if (string.IsNullOrEmpty(text))
            return null;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
            return number;
        throw EngineException.InvalidParameter($"strconv.Atoi: parsing \"{text}\": invalid syntax");
    }

    /// <summary>The <c>filters</c> parameter.</summary>
    public FilterSet QueryFilters()
    {
        try
        {
            return FilterSet.Parse(Query("filters"));
        }
        catch (FormatException exception)
        {
            throw new EngineException(ErrorKind.InvalidParameter, exception.Message, exception);
        }
    }

    /// <summary>Reads a JSON body as the client's version means it; null when it is empty.</summary>
    /// <exception cref="EngineException">Not JSON, not of this shape, of another content type, or too large.</exception>
    public async Task<T?> ReadJsonAsync<T>(JsonTypeInfo<T> shape) where T : class
    {
        byte[] body = await ReadBodyAsync();
        RequireJsonType(body.Length == 0);
        if (body.Length == 0)
            return null;
        try
        {
            return JsonSerializer.Deserialize(GoNulls.Resolve(body, shape).Span, shape) is { } value ? RequestRules.Table.Adapt(value, version) : null;
        }
        catch (JsonException exception)
        {
            throw new EngineException(ErrorKind.InvalidParameter, InvalidJson.Describe(body, exception), exception);
        }
    }

    /// <summary>Reads the whole body, which may not be larger than <see cref="MaxJsonBody"/>.</summary>
    public async Task<byte[]> ReadBodyAsync()
    {
        if (http.Request.ContentLength is > MaxJsonBody)
            throw TooLarge();
        var reader = http.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(CancellationToken.None);
            if (result.Buffer.Length > MaxJsonBody)
            {
                reader.AdvanceTo(result.Buffer.End);
                throw TooLarge();
            }
            if (result.IsCompleted)
            {
                byte[] body = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return body;
            }
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>Answers with one JSON value, as the client's version is to see it, and a line end, as Docker does.</summary>
    public Task WriteJsonAsync<T>(T value, JsonTypeInfo<T> shape, int status = StatusCodes.Status200OK) where T : class
    {
        value = AnswerRules.Table.Adapt(value, version);
        using var body = new PooledBuffer();
        if (AnswerRules.Table.AddsMembers<T>(version))
            WriteWithMembers(body, value, shape);
        else
            JsonLine.Write(body, value, shape);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.WrittenCount;
        Output.Write(body.WrittenSpan);
        return Output.FlushAsync(CancellationToken.None).AsTask();
    }

    /// <summary>Answers without a body.</summary>
    public Task WriteStatusAsync(int status)
    {
        http.Response.StatusCode = status;
        if (status is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified))
            http.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    /// <summary>Answers with plain text.</summary>
    public Task WriteTextAsync(string text, string contentType = "text/plain; charset=utf-8")
    {
        byte[] body = Encoding.UTF8.GetBytes(text);
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, CancellationToken.None).AsTask();
    }

    /// <summary>Sends the head of a streamed answer at once, so that the client knows that it has begun.</summary>
    public Task StartStreamAsync(string contentType)
    {
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = contentType;
        return Output.FlushAsync(CancellationToken.None).AsTask();
    }

    /// <summary>
    /// Takes the client's socket out of the server and sends it the head of a raw stream: <c>101 UPGRADED</c> to clients that ask for an upgrade,
    /// else <c>200 OK</c>. Returns when the client has read the head. Check everything that can fail before; from here on errors are part of the stream.
    /// </summary>
    /// <param name="multiplexed">Whether output comes in frames; clients since API 1.42 learn it by the content type.</param>
    public async Task<HijackedSocket> HijackAsync(bool multiplexed)
    {
        // Whatever the handler left of the body is read here: the bytes behind it are the stream's.
        await ReadBodyAsync();
        var feature = http.Features.Get<IHijackFeature>()
            ?? throw new EngineException(ErrorKind.System, "this connection cannot be taken over");
        return await feature.TakeAsync(HijackHead.Bytes(WantsUpgrade(http.Request), multiplexed && Has(ApiFeature.MultiplexedStreamType)));
    }

    private static readonly JsonSerializerOptions s_relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = ApiJson.Default,
    };

    private void WriteWithMembers<T>(PooledBuffer body, T value, JsonTypeInfo<T> shape) where T : class
    {
        var node = (JsonObject)JsonSerializer.SerializeToNode(value, shape)!;
        AnswerRules.Table.AddMembers<T>(node, version);
        body.Write(Encoding.UTF8.GetBytes(node.ToJsonString(s_relaxed) + "\n"));
    }

    private static bool WantsUpgrade(HttpRequest request) => !StringValues.IsNullOrEmpty(request.Headers.Upgrade);

    private static EngineException TooLarge()
        => EngineException.InvalidParameter($"the request's body is larger than {MaxJsonBody} bytes");

    private void RequireJsonType(bool emptyBody)
    {
        string? type = http.Request.ContentType;
        if (string.IsNullOrEmpty(type) && emptyBody)
            return;
        string media = (type ?? "").Split(';')[0].Trim();
        if (media.Length == 0)
            throw EngineException.InvalidParameter($"malformed Content-Type header ({type}): mime: no media type");
        if (!media.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            throw EngineException.InvalidParameter($"unsupported Content-Type header ({type}): must be 'application/json'");
    }
}
