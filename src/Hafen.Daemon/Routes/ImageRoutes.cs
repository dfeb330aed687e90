using Hafen.Api;
using Hafen.Daemon.Http;
using Hafen.Daemon.Http.Routing;
using Hafen.Daemon.Versions;
using Hafen.Engine;
using Hafen.Engine.Images;
using Hafen.Images;
using Hafen.Oci.Images;
using Microsoft.AspNetCore.Http;

namespace Hafen.Daemon.Routes;

/// <summary><c>/images/…</c></summary>
internal sealed class ImageRoutes(ImageUseCases images)
{
    public void AddTo(RouteTable routes) => routes
        .Get("/images/json", ListAsync)
        .Get("/images/search", _ => throw NoRegistry("search"))
        .Get("/images/get", request => SaveAsync(request, [.. request.QueryAll("names").Select(name => name ?? "")]))
        .Get("/images/{name:.*}/get", request => SaveAsync(request, [request["name"]]))
        .Get("/images/{name:.*}/json", InspectAsync)
        .Get("/images/{name:.*}/history", HistoryAsync)
        .Post("/images/load", LoadAsync)
        .Post("/images/create", CreateAsync)
        .Post("/images/prune", request => request.WriteJsonAsync(images.Prune.Run(request.QueryFilters()), ApiJson.Default.ImagesPruneReport))
        .Post("/images/{name:.*}/push", _ => throw NoRegistry("push"))
        .Post("/images/{name:.*}/tag", TagAsync)
        .Delete("/images/{name:.*}", RemoveAsync)
        .Get("/distribution/{name:.*}/json", _ => throw NoRegistry("inspect images of registries"));

    private static EngineException NoRegistry(string verb)
        => EngineException.NotImplemented($"this version of Hafen has no registry client and cannot {verb}; use 'docker load', 'docker import' and 'docker save'");

    private Task ListAsync(ApiRequest request)
    {
        var filters = request.QueryFilters();
        if (!request.Has(ApiFeature.ReferenceFilter) && request.Query("filter") is { Length: > 0 } pattern && !filters.Contains("reference"))
            filters = filters.With("reference", pattern);
        var list = images.List.Run(new ListImagesRequest { Filters = filters, SharedSize = request.QueryFlag("shared-size") });
        return request.WriteJsonAsync(list, ApiJson.Default.ImageSummaryArray);
    }

    private Task InspectAsync(ApiRequest request)
    {
        RequirePlatform(request, request["name"]);
        return request.WriteJsonAsync(images.Inspect.Run(request["name"]), ApiJson.Default.ImageInspect);
    }

    private Task HistoryAsync(ApiRequest request)
    {
        RequirePlatform(request, request["name"]);
        return request.WriteJsonAsync(images.History.Run(request["name"]), ApiJson.Default.ImageHistoryItemArray);
    }

    /// <summary>Sees that an image is for the platform that the request asks for, if it asks.</summary>
    private void RequirePlatform(ApiRequest request, string name)
    {
        if (Platform(request) is { } platform)
            images.RequirePlatform.Run(name, platform);
    }

    /// <summary>The platform an image must be for; null when nobody asks. Clients of older API versions cannot.</summary>
    private static ImagePlatform? Platform(ApiRequest request)
        => request.Has(ApiFeature.PlatformOfImages) && request.Query("platform") is { Length: > 0 } json ? ImagePlatform.ReadJson(json) : null;

    private Task TagAsync(ApiRequest request)
    {
        images.Tag.Run(request["name"], request.Query("repo"), request.Query("tag"));
        return request.WriteStatusAsync(StatusCodes.Status201Created);
    }

    private Task RemoveAsync(ApiRequest request)
    {
        foreach (string? platform in request.QueryAll("platforms"))
        {
            if (!string.IsNullOrEmpty(platform))
                images.RequirePlatform.Run(request["name"], ImagePlatform.ReadJson(platform));
        }
        var removed = images.Remove.Run(request["name"], request.QueryFlag("force"));
        return request.WriteJsonAsync(removed, ApiJson.Default.ImageDeleteResponseArray);
    }

    private async Task SaveAsync(ApiRequest request, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            throw EngineException.InvalidParameter("no images given: use names=NAME");
        foreach (string name in names)
            RequirePlatform(request, name);
        request.Http.Response.ContentType = "application/x-tar";
        await images.Save.RunAsync(names, request.Http.Response.Body, request.Aborted);
    }

    private async Task LoadAsync(ApiRequest request)
    {
        if (Platform(request) is not null)
            throw EngineException.NotImplemented("this version of Hafen loads images whatever their platform and cannot choose one");
        bool quiet = request.QueryFlag("quiet", absent: true);
        await using var stream = new JsonStream(request);
        await stream.RunAsync(async () =>
        {
            var result = await images.Load.RunAsync(request.Body, quiet ? null : new LayerProgressLines(stream), request.Aborted);
            var renamed = result.Renamed.ToLookup(r => r.Reference, r => r.Id);
            foreach (string name in result.References)
            {
                foreach (var id in renamed[name])
                    await stream.WriteAsync(new ProgressMessage { Stream = $"The image {name} already exists, renaming the old one with ID {id} to empty string\n" });
                await stream.WriteAsync(new ProgressMessage { Stream = $"Loaded image: {name}\n" });
            }

            foreach (var image in result.Images.Where(image => !image.Tags.Any(tag => result.References.Contains(tag.Familiar))))
                await stream.WriteAsync(new ProgressMessage { Stream = $"Loaded image ID: {image.Id}\n" });
        }, begun: true);
    }

    private Task CreateAsync(ApiRequest request)
        => string.IsNullOrEmpty(request.Query("fromImage")) ? ImportAsync(request) : PullAsync(request);

    private async Task ImportAsync(ApiRequest request)
    {
        string source = request.Query("fromSrc") ?? "";
        if (source != "-")
            throw EngineException.NotImplemented($"cannot import from \"{source}\": fetch the file first and give it to 'docker import -'");
        var wanted = new ImportImageRequest
        {
            Repository = request.Query("repo"),
            Tag = request.Query("tag"),
            Message = request.Query("message") is { Length: > 0 } message ? message : "Imported from -",
            Changes = [.. request.QueryAll("changes").Select(change => change ?? "")],
            Platform = request.Query("platform"),
        };
        var image = await images.Import.RunAsync(request.Body, wanted, request.Aborted);
        await using var stream = new JsonStream(request);
        await stream.WriteStatusAsync(image.Id.ToString());
    }

    private async Task PullAsync(ApiRequest request)
    {
        var result = await images.Pull.RunAsync(request.Query("fromImage")!, request.Query("tag"), request.Aborted);
        await using var stream = new JsonStream(request);
        var name = result.Name;
        string tag = name.Tag ?? ImageReference.DefaultTag;
        await stream.WriteStatusAsync($"Pulling from {name.Path}", tag);
        if (result.Fresh)
            await stream.WriteStatusAsync("Pull complete", result.Image.Id.Hex[..12]);
        await stream.WriteStatusAsync($"Digest: {result.Image.Id}");
        await stream.WriteStatusAsync(result.Fresh ? $"Status: Downloaded newer image for {name.Familiar}" : $"Status: Image is up to date for {name.Familiar}");
    }
}
