using System.Text.Json;
using Hafen.Api;
using Hafen.Client.Calls;
using Hafen.Client.Http;

namespace Hafen.Client.Daemon;

/// <summary>The daemon itself: <c>/version</c>, <c>/info</c>, <c>/events</c>, <c>/system/df</c>.</summary>
public sealed class DaemonCalls
{
    private readonly IApiTransport _transport;

    internal DaemonCalls(IApiTransport transport) => _transport = transport;

    public AnswerCall<JsonDocument> Version() => _transport.ReadDocument(new ApiRequest("GET", "/version"));

    public AnswerCall<JsonDocument> Info() => _transport.ReadDocument(new ApiRequest("GET", "/info"));

    public AnswerCall<DiskUsage> DiskUsage() => _transport.Read(new ApiRequest("GET", "/system/df"), ApiJson.Default.DiskUsage);

    /// <summary>Events as a stream of JSON messages, without end unless <paramref name="until"/> is given.</summary>
    public StreamCall Events(string? since, string? until, FilterSet? filters)
        => _transport.Stream(new ApiRequest("GET", new QueryText("/events").AddText("since", since).AddText("until", until).Add(filters).ToString()));
}
