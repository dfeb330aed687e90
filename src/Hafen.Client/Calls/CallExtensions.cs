using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hafen.Client.Errors;
using Hafen.Client.Http;

namespace Hafen.Client.Calls;

/// <summary>Makes calls of requests.</summary>
internal static class CallExtensions
{
    /// <summary>A call whose answer is JSON.</summary>
    public static AnswerCall<T> Read<T>(this IApiTransport transport, ApiRequest request, JsonTypeInfo<T> type)
        => new(transport, request, content => Parsed(content, type));

    /// <summary>A call whose answer is kept as the daemon wrote it, for output that must not lose a member this client does not know.</summary>
    public static AnswerCall<JsonDocument> ReadDocument(this IApiTransport transport, ApiRequest request) => new(transport, request, Document);

    public static PlainCall Plain(this IApiTransport transport, ApiRequest request) => new(transport, request);

    public static StreamCall Stream(this IApiTransport transport, ApiRequest request) => new(transport, request);

    private static T Parsed<T>(byte[] content, JsonTypeInfo<T> type)
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

    private static JsonDocument Document(byte[] content)
    {
        try
        {
            return JsonDocument.Parse(content);
        }
        catch (JsonException)
        {
            throw new ProtocolException("the daemon's answer is not the JSON that was expected");
        }
    }
}
