using System.Text.Json;
using Hafen.Client.Calls;
using Hafen.Client.Http;

namespace Hafen.Client.Daemon;

/// <summary>Inspection of objects that have no calls of their own here.</summary>
public sealed class ObjectCalls
{
    private readonly IApiTransport _transport;

    internal ObjectCalls(IApiTransport transport) => _transport = transport;

    public AnswerCall<JsonDocument> Network(string name) => _transport.ReadDocument(new ApiRequest("GET", $"/networks/{Uri.EscapeDataString(name)}"));

    public AnswerCall<JsonDocument> Volume(string name) => _transport.ReadDocument(new ApiRequest("GET", $"/volumes/{Uri.EscapeDataString(name)}"));
}
