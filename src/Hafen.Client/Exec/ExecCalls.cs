using Hafen.Api;
using Hafen.Client.Containers;
using Hafen.Client.Http;

namespace Hafen.Client.Exec;

/// <summary><c>/containers/{id}/exec</c> and <c>/exec</c>: further processes in a running container.</summary>
public sealed class ExecCalls
{
    private readonly ApiTransport transport;

    internal ExecCalls(ApiTransport transport) => this.transport = transport;

    public IdResponse Create(string container, ExecCreateRequest request)
        => transport.Read(
            new ApiRequest("POST", ContainerCalls.Path(container, "/exec")).WithJson(request, ApiJson.Default.ExecCreateRequest),
            ApiJson.Default.IdResponse);

    /// <summary>Starts the process and takes its streams.</summary>
    public HijackedConnection Attach(string exec, ExecStartRequest request)
        => transport.Hijack(StartRequest(exec, request));

    /// <summary>Starts the process and leaves it alone.</summary>
    public void Start(string exec, ExecStartRequest request) => transport.Run(StartRequest(exec, request));

    public void Resize(string exec, int height, int width)
        => transport.Run(new ApiRequest("POST", new QueryText($"/exec/{exec}/resize").AddNumber("h", height).AddNumber("w", width).ToString()));

    public ExecInspect Inspect(string exec) => transport.Read(new ApiRequest("GET", $"/exec/{exec}/json"), ApiJson.Default.ExecInspect);

    private static ApiRequest StartRequest(string exec, ExecStartRequest request)
        => new ApiRequest("POST", $"/exec/{exec}/start").WithJson(request, ApiJson.Default.ExecStartRequest);
}
