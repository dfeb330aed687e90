using System.Text.Json;
using Hafen.Api;
using Hafen.Client.Calls;
using Hafen.Client.Errors;
using Hafen.Client.Http;

namespace Hafen.Client.Containers;

/// <summary><c>/containers</c>. A container is named by ID, unique prefix of an ID, or name.</summary>
public sealed class ContainerCalls
{
    private readonly IApiTransport _transport;

    internal ContainerCalls(IApiTransport transport) => _transport = transport;

    /// <param name="request">Configuration.</param>
    /// <param name="name">Name, or null for one of the daemon's choice.</param>
    /// <param name="platform"><c>os/arch[/variant]</c>, or null.</param>
    public AnswerCall<ContainerCreateResponse> Create(ContainerCreateRequest request, string? name, string? platform)
    {
        string path = new QueryText("/containers/create").AddText("name", name).AddText("platform", platform).ToString();
        return new AnswerCall<ContainerCreateResponse>(
            _transport,
            new ApiRequest("POST", path) { Body = ContainerCreateBody.Write(request), ContentType = "application/json" },
            static content => ContainerAnswers.ReadCreated(content));
    }

    public PlainCall Start(string id, string? detachKeys = null)
        => _transport.Plain(new ApiRequest("POST", new QueryText(Path(id, "/start")).AddText("detachKeys", detachKeys).ToString()));

    /// <summary>Asks to attach; the answer is the hijacked connection.</summary>
    public PendingResponse BeginAttach(string id, AttachOptions options)
        => _transport.Begin(new ApiRequest("POST", AttachPath(id, options)) { Upgrade = true });

    public HijackCall Attach(string id, AttachOptions options)
        => new(_transport, new ApiRequest("POST", AttachPath(id, options)));

    /// <summary>Asks for the exit. The daemon answers with a head at once (it listens from then on) and with the body at the exit.</summary>
    /// <param name="id">Container.</param>
    /// <param name="condition"><c>not-running</c>, <c>next-exit</c> or <c>removed</c>.</param>
    public PendingResponse BeginWait(string id, string condition)
        => _transport.Begin(new ApiRequest("POST", new QueryText(Path(id, "/wait")).AddText("condition", condition).ToString()));

    public AnswerCall<WaitResponse> Wait(string id) => _transport.Read(new ApiRequest("POST", Path(id, "/wait")), ApiJson.Default.WaitResponse);

    /// <summary>Reads the body that <see cref="BeginWait"/>'s answer ends with.</summary>
    public static WaitResponse ReadWait(ApiResponse response) => ContainerAnswers.ReadWait(response.ReadAll());

    public AnswerCall<ContainerSummary[]> List(ContainerListOptions options)
    {
        string path = new QueryText("/containers/json").AddFlag("all", options.All).AddNumber("limit", options.Limit)
            .AddFlag("size", options.Size).Add(options.Filters).ToString();
        return _transport.Read(new ApiRequest("GET", path), ApiJson.Default.ContainerSummaryArray);
    }

    public AnswerCall<JsonDocument> Inspect(string id, bool size = false)
        => _transport.ReadDocument(new ApiRequest("GET", new QueryText(Path(id, "/json")).AddFlag("size", size).ToString()));

    public PlainCall Stop(string id, string? signal, int? seconds) => _transport.Plain(Ending(id, "/stop", signal, seconds));

    public PlainCall Restart(string id, string? signal, int? seconds) => _transport.Plain(Ending(id, "/restart", signal, seconds));

    public PlainCall Kill(string id, string? signal)
        => _transport.Plain(new ApiRequest("POST", new QueryText(Path(id, "/kill")).AddText("signal", signal).ToString()));

    public PlainCall Pause(string id) => _transport.Plain(new ApiRequest("POST", Path(id, "/pause")));

    public PlainCall Unpause(string id) => _transport.Plain(new ApiRequest("POST", Path(id, "/unpause")));

    public PlainCall Rename(string id, string name)
        => _transport.Plain(new ApiRequest("POST", new QueryText(Path(id, "/rename")).Add("name", name).ToString()));

    public PlainCall Resize(string id, int height, int width)
        => _transport.Plain(new ApiRequest("POST", new QueryText(Path(id, "/resize")).AddNumber("h", height).AddNumber("w", width).ToString()));

    public PlainCall Remove(string id, bool volumes, bool link, bool force)
        => _transport.Plain(new ApiRequest(
            "DELETE", new QueryText(Path(id, "")).AddFlag("v", volumes).AddFlag("link", link).AddFlag("force", force).ToString()));

    public AnswerCall<ContainerTop> Top(string id, string arguments)
        => _transport.Read(new ApiRequest("GET", new QueryText(Path(id, "/top")).AddText("ps_args", arguments).ToString()), ApiJson.Default.ContainerTop);

    /// <summary>The log as a stream of frames, or raw for a container with a terminal.</summary>
    public StreamCall Logs(string id, LogOptions options)
        => _transport.Stream(new ApiRequest("GET", new QueryText(Path(id, "/logs")).AddFlag("stdout", true).AddFlag("stderr", true)
            .AddText("since", options.Since).AddText("until", options.Until).AddFlag("timestamps", options.Timestamps)
            .AddFlag("details", options.Details).AddFlag("follow", options.Follow).AddText("tail", options.Tail).ToString()));

    public AnswerCall<ContainersPruneReport> Prune(FilterSet? filters)
        => _transport.Read(new ApiRequest("POST", new QueryText("/containers/prune").Add(filters).ToString()), ApiJson.Default.ContainersPruneReport);

    internal static string Path(string id, string verb)
        => id.Trim().Length > 0 ? $"/containers/{Uri.EscapeDataString(id)}{verb}" : throw new InvalidNameException("invalid container name or ID: value is empty");

    private static ApiRequest Ending(string id, string verb, string? signal, int? seconds)
        => new("POST", new QueryText(Path(id, verb)).AddText("signal", signal).AddNumber("t", seconds).ToString());

    private static string AttachPath(string id, AttachOptions options)
        => new QueryText(Path(id, "/attach")).AddFlag("stream", true).AddFlag("stdin", options.Stdin).AddFlag("stdout", options.Stdout)
            .AddFlag("stderr", options.Stderr).AddFlag("logs", options.Logs).AddText("detachKeys", options.DetachKeys).ToString();
}
