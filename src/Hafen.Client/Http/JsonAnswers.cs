using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hafen.Client.Errors;

namespace Hafen.Client.Http;

/// <summary>Requests and answers whose bodies are JSON.</summary>
internal static class JsonAnswers
{
    public static ApiRequest WithJson<T>(this ApiRequest request, T body, JsonTypeInfo<T> type)
        => request with { Body = JsonSerializer.SerializeToUtf8Bytes(body, type), ContentType = "application/json" };

    public static T Read<T>(this ApiTransport transport, ApiRequest request, JsonTypeInfo<T> type)
    {
        using var response = transport.Call(request);
        return Parse(response.ReadAll(), type);
    }

    public static T Parse<T>(ReadOnlySpan<byte> content, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(content, type) ?? throw new ProtocolException("the daemon answered with an empty document");
        }
        catch (JsonException)
        {
            throw new ProtocolException("the daemon's answer is not the JSON that was expected");
        }
    }

    /// <summary>The answer as the daemon wrote it, for output that must not lose a member this client does not know.</summary>
    public static JsonDocument ReadDocument(this ApiTransport transport, ApiRequest request)
    {
        using var response = transport.Call(request);
        try
        {
            return JsonDocument.Parse(response.ReadAll());
        }
        catch (JsonException)
        {
            throw new ProtocolException("the daemon's answer is not the JSON that was expected");
        }
    }

    /// <summary>A request whose answer has no content of interest.</summary>
    public static void Run(this ApiTransport transport, ApiRequest request)
    {
        using var response = transport.Call(request);
        response.ReadAll();
    }
}
