using System.Text.Json;
using Hafen.Api;
using Hafen.Client.Http;

namespace Hafen.Client.Daemon;

/// <summary>The daemon itself: <c>/version</c>, <c>/info</c>, <c>/events</c>, <c>/system/df</c>.</summary>
public sealed class DaemonCalls
{
    private readonly ApiTransport transport;

    internal DaemonCalls(ApiTransport transport) => this.transport = transport;

    public JsonDocument Version() => transport.ReadDocument(new ApiRequest("GET", "/version"));

    public JsonDocument Info() => transport.ReadDocument(new ApiRequest("GET", "/info"));

    public DiskUsage DiskUsage() => transport.Read(new ApiRequest("GET", "/system/df"), ApiJson.Default.DiskUsage);

    /// <summary>Events as a stream of JSON messages, without end unless <paramref name="until"/> is given.</summary>
    public ApiResponse Events(string? since, string? until, FilterSet? filters)
        => transport.Call(new ApiRequest("GET", new QueryText("/events").AddText("since", since).AddText("until", until).Add(filters).ToString()));
}
