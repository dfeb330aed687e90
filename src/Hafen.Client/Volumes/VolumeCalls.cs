using Hafen.Api;
using Hafen.Client.Calls;
using Hafen.Client.Http;

namespace Hafen.Client.Volumes;

/// <summary><c>/volumes/…</c></summary>
public sealed class VolumeCalls(IApiTransport transport)
{
    /// <summary>Removes what nobody uses: anonymous volumes or, with the filter <c>all</c>, those with a name, too.</summary>
    public AnswerCall<VolumesPruneReport> Prune(FilterSet? filters)
        => transport.Read(new ApiRequest("POST", new QueryText("/volumes/prune").Add(filters).ToString()), ApiJson.Default.VolumesPruneReport);
}
