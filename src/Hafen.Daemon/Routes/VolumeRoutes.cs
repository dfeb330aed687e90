using Hafen.Api;
using Hafen.Daemon.Http;
using Hafen.Daemon.Http.Routing;
using Hafen.Daemon.Versions;
using Hafen.Engine;
using Hafen.Engine.Volumes;
using Microsoft.AspNetCore.Http;

namespace Hafen.Daemon.Routes;

/// <summary><c>/volumes/…</c></summary>
internal sealed class VolumeRoutes(VolumeUseCases volumes)
{
    public void AddTo(RouteTable routes) => routes
        .Get("/volumes", request => request.WriteJsonAsync(volumes.List.Run(request.QueryFilters()), ApiJson.Default.VolumeList))
        .Get("/volumes/{name:.*}", request => request.WriteJsonAsync(volumes.Inspect.Run(request["name"]), ApiJson.Default.VolumeInspect))
        .Post("/volumes/create", CreateAsync)
        .Post("/volumes/prune", PruneAsync)
        .Delete("/volumes/{name:.*}", RemoveAsync);

    private async Task CreateAsync(ApiRequest request)
    {
        var wanted = await request.ReadJsonAsync(ApiJson.Default.VolumeCreateRequest) ?? new VolumeCreateRequest();
        await request.WriteJsonAsync(await volumes.Create.RunAsync(wanted, request.Aborted), ApiJson.Default.VolumeInspect, StatusCodes.Status201Created);
    }

    private async Task PruneAsync(ApiRequest request)
    {
        var report = await volumes.Prune.RunAsync(request.QueryFilters(), anonymousOnly: request.Has(ApiFeature.NamedVolumesAreKept), request.Aborted);
        await request.WriteJsonAsync(report, ApiJson.Default.VolumesPruneReport);
    }

    private async Task RemoveAsync(ApiRequest request)
    {
        await volumes.Remove.RunAsync(request["name"], request.QueryFlag("force"), request.Aborted);
        await request.WriteStatusAsync(StatusCodes.Status204NoContent);
    }
}
