using Hafen.Api;
using Hafen.Daemon.Http;
using Hafen.Daemon.Http.Routing;
using Hafen.Daemon.Versions;
using Hafen.Engine;
using Hafen.Engine.Host;
using Microsoft.AspNetCore.Http;

namespace Hafen.Daemon.Routes;

/// <summary><c>/_ping /version /info /system/df /auth</c>.</summary>
internal sealed class SystemRoutes(SystemUseCases system)
{
    public void AddTo(RouteTable routes) => routes
        .Get("/_ping", request => PingAsync(request, body: true))
        .Head("/_ping", request => PingAsync(request, body: false))
        .Get("/version", request => request.WriteJsonAsync(system.Version.Run(), ApiJson.Default.SystemVersion))
        .Get("/info", request => request.WriteJsonAsync(system.Describe.Run(), ApiJson.Default.SystemInfo))
        .Get("/system/df", DiskUsageAsync)
        .Post("/auth", _ => throw EngineException.NotImplemented("this version of Hafen has no registry client, so there is nothing to log in to"));

    private static Task PingAsync(ApiRequest request, bool body)
    {
        var headers = request.Http.Response.Headers;
        headers.CacheControl = "no-cache, no-store, must-revalidate";
        headers.Pragma = "no-cache";
        // "1" keeps clients from asking for BuildKit, which this version does not have.
        headers["Builder-Version"] = "1";
        headers["Swarm"] = "inactive";
        if (body)
            return request.WriteTextAsync("OK");
        request.Http.Response.ContentType = "text/plain; charset=utf-8";
        return request.WriteStatusAsync(StatusCodes.Status200OK);
    }

    private async Task DiskUsageAsync(ApiRequest request)
    {
        var kinds = DiskUsageKinds.All;
        var asked = request.QueryAll("type");
        if (asked.Count > 0 && request.Has(ApiFeature.DiskUsageTypes))
        {
            kinds = DiskUsageKinds.None;
            foreach (string? type in asked)
            {
                kinds |= type switch
                {
                    "container" => DiskUsageKinds.Containers,
                    "image" => DiskUsageKinds.Images,
                    "volume" => DiskUsageKinds.Volumes,
                    "build-cache" => DiskUsageKinds.BuildCache,
                    _ => throw EngineException.InvalidParameter($"unknown object type: {type}"),
                };
            }
        }
        await request.WriteJsonAsync(await system.DiskUsage.RunAsync(kinds, request.Aborted), ApiJson.Default.DiskUsage);
    }
}
