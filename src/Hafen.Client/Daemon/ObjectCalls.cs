using System.Text.Json;
using Hafen.Client.Http;

namespace Hafen.Client.Daemon;

/// <summary>Inspection of objects that have no calls of their own here.</summary>
public sealed class ObjectCalls
{
    private readonly ApiTransport transport;

    internal ObjectCalls(ApiTransport transport) => this.transport = transport;

    public JsonDocument Network(string name) => transport.ReadDocument(new ApiRequest("GET", $"/networks/{Uri.EscapeDataString(name)}"));

    public JsonDocument Volume(string name) => transport.ReadDocument(new ApiRequest("GET", $"/volumes/{Uri.EscapeDataString(name)}"));
}
