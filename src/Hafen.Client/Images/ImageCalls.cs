using System.Text;
using System.Text.Json;
using Hafen.Api;
using Hafen.Client.Calls;
using Hafen.Client.Errors;
using Hafen.Client.Http;

namespace Hafen.Client.Images;

/// <summary><c>/images</c>. An image is named by reference, ID or unique prefix of an ID.</summary>
public sealed class ImageCalls
{
    private readonly IApiTransport _transport;

    internal ImageCalls(IApiTransport transport) => _transport = transport;

    public AnswerCall<ImageSummary[]> List(bool all, FilterSet? filters, bool sharedSize = false)
        => _transport.Read(
            new ApiRequest("GET", new QueryText("/images/json").AddFlag("all", all).AddFlag("shared-size", sharedSize).Add(filters).ToString()),
            ApiJson.Default.ImageSummaryArray);

    /// <param name="name">Image.</param>
    /// <param name="platform">A platform of the OCI image-spec as JSON, or null. So it is for the other calls, too, but for pull and import.</param>
    public AnswerCall<JsonDocument> Inspect(string name, string? platform)
        => _transport.ReadDocument(new ApiRequest("GET", new QueryText(Path(name, "/json")).AddText("platform", platform).ToString()));

    public AnswerCall<ImageHistoryItem[]> History(string name, string? platform)
        => _transport.Read(new ApiRequest("GET", new QueryText(Path(name, "/history")).AddText("platform", platform).ToString()), ApiJson.Default.ImageHistoryItemArray);

    /// <summary>Downloads an image; the answer is a stream of progress messages.</summary>
    public StreamCall Pull(string repository, string? tag, string? platform)
        => _transport.Stream(new ApiRequest(
            "POST", new QueryText("/images/create").Add("fromImage", repository).AddText("tag", tag).AddText("platform", platform).ToString()));

    /// <summary>Makes an image of a root file system: of <paramref name="body"/>, or of what <paramref name="source"/> (a URL) serves.</summary>
    public StreamCall Import(Stream? body, string source, string? repository, string? tag, string? message, IEnumerable<string> changes, string? platform)
    {
        var query = new QueryText("/images/create").Add("fromSrc", source).AddText("repo", repository).AddText("tag", tag)
            .AddText("message", message).AddText("platform", platform);
        foreach (string change in changes)
            query.Add("changes", change);
        return _transport.Stream(new ApiRequest("POST", query.ToString())
        {
            BodyStream = body,
            ContentType = body is null ? null : "text/plain",
        });
    }

    /// <summary>Loads an archive; the answer is a stream of progress messages.</summary>
    public StreamCall Load(Stream archive, bool quiet, string? platform)
        => _transport.Stream(new ApiRequest("POST", new QueryText("/images/load").Add("quiet", quiet ? "1" : "0").AddText("platform", platform).ToString())
        {
            BodyStream = archive,
            ContentType = "application/x-tar",
        });

    /// <summary>An archive of the images.</summary>
    public StreamCall Save(IEnumerable<string> names, string? platform)
    {
        var query = new QueryText("/images/get");
        foreach (string name in names)
            query.Add("names", name);
        return _transport.Stream(new ApiRequest("GET", query.AddText("platform", platform).ToString()));
    }

    public PlainCall Tag(string source, string repository, string? tag)
        => _transport.Plain(new ApiRequest("POST", new QueryText(Path(source, "/tag")).Add("repo", repository).AddText("tag", tag).ToString()));

    public AnswerCall<ImageDeleteResponse[]> Remove(string name, bool force, bool keepParents, IEnumerable<string> platforms)
    {
        var query = new QueryText(Path(name, "")).AddFlag("force", force).AddFlag("noprune", keepParents);
        foreach (string platform in platforms)
            query.Add("platforms", platform);
        return _transport.Read(new ApiRequest("DELETE", query.ToString()), ApiJson.Default.ImageDeleteResponseArray);
    }

    public AnswerCall<ImagesPruneReport> Prune(FilterSet? filters)
        => _transport.Read(new ApiRequest("POST", new QueryText("/images/prune").Add(filters).ToString()), ApiJson.Default.ImagesPruneReport);

    /// <summary>Slashes and colons of a reference stay as they are: the daemon's routes take the rest of the path as the name.</summary>
    private static string Path(string name, string verb)
    {
        if (name.Length == 0)
            throw new InvalidNameException("invalid image name: value is empty");
        var escaped = new StringBuilder(Uri.EscapeDataString(name)).Replace("%2F", "/").Replace("%3A", ":").Replace("%40", "@");
        return $"/images/{escaped}{verb}";
    }
}
