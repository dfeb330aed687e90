using System.Text.Json;
using System.Text.Json.Nodes;
using Hafen.Api;
using Hafen.Daemon.Http;

namespace Hafen.Daemon.Versions;

/// <summary>What images look like to older clients.</summary>
internal static class ImageAnswers
{
    private static readonly ApiVersion s_withoutVirtualSize = new(1, 44);
    private static readonly ApiVersion s_withoutContainer = new(1, 45);
    private static readonly ApiVersion s_withoutDefaults = new(1, 50);
    private static readonly ApiVersion s_withCount = new(1, 51);

    /// <param name="counted">Whether containers are counted for clients of all versions, as <c>/system/df</c> does; lists do so from 1.51 on.</param>
    public static ImageSummary[] For(ApiVersion version, ImageSummary[] images, bool counted = false)
        => [.. images.Select(image => For(version, counted || version >= s_withCount ? image : image with { Containers = -1 }))];

    /// <summary>Answers with an inspected image.</summary>
    public static Task WriteAsync(ApiRequest request, ImageInspect image)
    {
        if (request.Version >= s_withoutDefaults) return request.WriteJsonAsync(image, ApiJson.Default.ImageInspect);
        if (request.Version < s_withoutVirtualSize) image = image with { VirtualSize = image.Size, Created = image.Created ?? GoTime.Zero };
        var node = (JsonObject)JsonSerializer.SerializeToNode(image, ApiJson.Default.ImageInspect)!;
        // Members that are absent today when they are not set were always there.
        AddDefaults(node["Config"] as JsonObject ?? Into(node, "Config"));
        if (request.Version < s_withoutContainer)
        {
            node["Container"] = "";
            AddDefaults(Into(node, "ContainerConfig"));
        }
        return request.WriteNodeAsync(node);
    }

    private static ImageSummary For(ApiVersion version, ImageSummary image)
    {
        if (version < s_withoutVirtualSize) image = image with { VirtualSize = image.Size };
        if (version < new ApiVersion(1, 43) && image.RepoTags.Length == 0 && image.RepoDigests.Length == 0)
            image = image with { RepoTags = ["<none>:<none>"], RepoDigests = ["<none>@<none>"] };
        return image;
    }

    private static JsonObject Into(JsonObject parent, string name)
    {
        var child = new JsonObject();
        parent[name] = child;
        return child;
    }

    private static void AddDefaults(JsonObject config)
    {
        foreach (string text in (string[])["Hostname", "Domainname", "User", "Image", "WorkingDir"]) config.TryAdd(text, "");
        foreach (string flag in (string[])["AttachStdin", "AttachStdout", "AttachStderr", "Tty", "OpenStdin", "StdinOnce"]) config.TryAdd(flag, false);
        foreach (string absent in (string[])["Env", "Cmd", "Volumes", "Entrypoint", "OnBuild", "Labels"]) config.TryAdd(absent, null);
    }
}
