using Hafen.Api;
using Hafen.Client.Calls;
using Hafen.Client.Containers;
using Hafen.Client.Http;

namespace Hafen.Client.Exec;

/// <summary><c>/containers/{id}/exec</c> and <c>/exec</c>: further processes in a running container.</summary>
public sealed class ExecCalls
{
    private readonly IApiTransport _transport;

    internal ExecCalls(IApiTransport transport) => _transport = transport;

    /// <returns>The ID.</returns>
    public AnswerCall<string> Create(string container, ExecCreateRequest request)
        => new(
            _transport,
            new ApiRequest("POST", ContainerCalls.Path(container, "/exec")) { Body = ExecBodies.Write(request), ContentType = "application/json" },
            static content => ExecBodies.ReadId(content));

    /// <summary>Starts the process and takes its streams.</summary>
    public HijackCall Attach(string exec, ExecStartRequest request)
        => new(_transport, StartRequest(exec, request));

    /// <summary>Starts the process and leaves it alone.</summary>
    public PlainCall Start(string exec, ExecStartRequest request) => _transport.Plain(StartRequest(exec, request));

    public PlainCall Resize(string exec, int height, int width)
        => _transport.Plain(new ApiRequest("POST", new QueryText($"/exec/{exec}/resize").AddNumber("h", height).AddNumber("w", width).ToString()));

    /// <returns>The exit code; null while the process runs.</returns>
    public AnswerCall<int?> ExitCode(string exec)
        => new(_transport, new ApiRequest("GET", $"/exec/{exec}/json"), static content => ExecBodies.ReadExitCode(content));

    private static ApiRequest StartRequest(string exec, ExecStartRequest request)
        => new("POST", $"/exec/{exec}/start") { Body = ExecBodies.Write(request), ContentType = "application/json" };
}
