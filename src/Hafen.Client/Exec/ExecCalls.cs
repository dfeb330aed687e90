using Hafen.Api;
using Hafen.Client.Containers;
using Hafen.Client.Http;

namespace Hafen.Client.Exec;

/// <summary><c>/containers/{id}/exec</c> and <c>/exec</c>: further processes in a running container.</summary>
public sealed class ExecCalls
{
    private readonly ApiTransport _transport;

    internal ExecCalls(ApiTransport transport) => this._transport = transport;

    /// <returns>The ID.</returns>
    public string Create(string container, ExecCreateRequest request)
    {
        using var response = _transport.Call(new ApiRequest("POST", ContainerCalls.Path(container, "/exec")) { Body = ExecBodies.Write(request), ContentType = "application/json" });
        return ExecBodies.ReadId(response.ReadAll());
    }

    /// <summary>Starts the process and takes its streams.</summary>
    public HijackedConnection Attach(string exec, ExecStartRequest request)
        => _transport.Hijack(StartRequest(exec, request));

    /// <summary>Starts the process and leaves it alone.</summary>
    public void Start(string exec, ExecStartRequest request) => _transport.Run(StartRequest(exec, request));

    public void Resize(string exec, int height, int width)
        => _transport.Run(new ApiRequest("POST", new QueryText($"/exec/{exec}/resize").AddNumber("h", height).AddNumber("w", width).ToString()));

    /// <returns>The exit code; null while the process runs.</returns>
    public int? ExitCode(string exec)
    {
        using var response = _transport.Call(new ApiRequest("GET", $"/exec/{exec}/json"));
        return ExecBodies.ReadExitCode(response.ReadAll());
    }

    private static ApiRequest StartRequest(string exec, ExecStartRequest request)
        => new("POST", $"/exec/{exec}/start") { Body = ExecBodies.Write(request), ContentType = "application/json" };
}
