using Hafen.Api;
using Hafen.Daemon.Http;
using Hafen.Daemon.Http.Routing;
using Hafen.Engine;
using Hafen.Engine.Networks;
using Hafen.Errors;

namespace Hafen.Daemon.Routes;

/// <summary><c>/networks/…</c>: to be looked at; making and joining networks is refused by name.</summary>
internal sealed class NetworkRoutes(NetworkUseCases networks)
{
    public void AddTo(RouteTable routes) => routes
        .Get("/networks", ListAsync)
        .Get("/networks/", ListAsync)
        .Get("/networks/{id:.*}", request => request.WriteJsonAsync(networks.Inspect.Run(request["id"]), ApiJson.Default.NetworkInspect))
        .Post("/networks/create", _ => throw Fixed("create networks"))
        .Post("/networks/prune", request => request.WriteJsonAsync(networks.Prune.Run(request.QueryFilters()), ApiJson.Default.NetworksPruneReport))
        .Post("/networks/{id:.*}/connect", _ => throw Fixed("connect running containers"))
        .Post("/networks/{id:.*}/disconnect", _ => throw Fixed("disconnect running containers"))
        .Delete("/networks/{id:.*}", request => throw Remove(networks.Inspect.Run(request["id"]).Name));

    private Task ListAsync(ApiRequest request) => request.WriteJsonAsync(networks.List.Run(request.QueryFilters()), ApiJson.Default.NetworkInspectArray);

    private static EngineException Fixed(string what)
        => EngineException.NotImplemented($"this version of Hafen cannot {what}: it has the networks bridge, host and none");

    private static EngineException Remove(string name)
        => new(ErrorKind.Forbidden, $"{name} is a pre-defined network and cannot be removed");
}
