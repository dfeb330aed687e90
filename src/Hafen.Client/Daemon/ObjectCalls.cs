using System.Text.Json;
using Hafen.Client.Http;

namespace Hafen.Client.Daemon;

/// <summary>Inspection of objects that have no calls of their own here.</summary>
public sealed class ObjectCalls
{
    private readonly ApiTransport _transport;

    internal ObjectCalls(ApiTransport transport) => this._transport = transport;

    public JsonDocument Network(string name) => _transport.ReadDocument(new ApiRequest("GET", $"/networks/{Uri.EscapeDataString(name)}"));

    public JsonDocument Volume(string name) => _transport.ReadDocument(new ApiRequest("GET", $"/volumes/{Uri.EscapeDataString(name)}"));
}
