using System.Text.Json.Nodes;
using Hafen.Api;
using static Hafen.Daemon.Versions.VersionRule;

namespace Hafen.Daemon.Versions;

/// <summary>What older clients see. Every answer with a JSON body passes this table.</summary>
internal static class AnswerRules
{
    public static VersionTable Table { get; } = new(
    [
        Before<ContainerSummary[]>(46, containers => Each(containers, static container => container.HostConfig.Annotations is null
            ? container
            : container with { HostConfig = container.HostConfig with { Annotations = null } })),

        // Lists count the containers of an image from here on; the disk's usage always did.
        Before<ImageSummary[]>(51, images => Each(images, static image => image with { Containers = -1 })),
        Before<ImageSummary[]>(44, images => Each(images, WithVirtualSize)),
        Before<ImageSummary[]>(43, images => Each(images, WithNames)),
        Before<DiskUsage>(44, usage => usage with { Images = Each(usage.Images, WithVirtualSize) }),
        Before<DiskUsage>(43, usage => usage with { Images = Each(usage.Images, WithNames) }),

        Before<ImageInspect>(44, image => image with { VirtualSize = image.Size, Created = image.Created ?? GoTime.Zero }),
        // What is absent today when it is not set was always there.
        MembersBefore<ImageInspect>(50, image => AddConfigDefaults(image["Config"] as JsonObject ?? Into(image, "Config"))),
        MembersBefore<ImageInspect>(45, image =>
        {
            image["Container"] = "";
            AddConfigDefaults(Into(image, "ContainerConfig"));
        }),

        Before<SystemInfo>(49, info => info with { FirewallBackend = null }),
        // Names without "name=".
        Before<SystemInfo>(25, info => info with
        {
            SecurityOptions = [.. (info.SecurityOptions ?? []).Select(option => option.Split(',')[0].Replace("name=", "", StringComparison.Ordinal))],
        }),
        MembersBefore<SystemInfo>(50, info =>
        {
            info["BridgeNfIptables"] = false;
            info["BridgeNfIp6tables"] = false;
        }),
        MembersBefore<SystemInfo>(49, info =>
        {
            foreach (string program in (ReadOnlySpan<string>)["ContainerdCommit", "RuncCommit", "InitCommit"])
            {
                if (info[program] is JsonObject commit)
                    commit["Expected"] = commit["ID"]?.DeepClone();
            }
        }),
        MembersBefore<SystemInfo>(47, info =>
        {
            if (info["RegistryConfig"] is not JsonObject registry)
                return;
            registry["AllowNondistributableArtifactsCIDRs"] = null;
            registry["AllowNondistributableArtifactsHostnames"] = null;
        }),
    ]);

    private static ImageSummary WithVirtualSize(ImageSummary image) => image with { VirtualSize = image.Size };

    private static ImageSummary WithNames(ImageSummary image)
        => image.RepoTags.Length == 0 && image.RepoDigests.Length == 0
            ? image with { RepoTags = ["<none>:<none>"], RepoDigests = ["<none>@<none>"] }
            : image;

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(items))]
    private static T[]? Each<T>(T[]? items, Converter<T, T> change) => items is null ? null : Array.ConvertAll(items, change);

    private static JsonObject Into(JsonObject parent, string name)
    {
        var child = new JsonObject();
        parent[name] = child;
        return child;
    }

    private static void AddConfigDefaults(JsonObject config)
    {
        foreach (string text in (ReadOnlySpan<string>)["Hostname", "Domainname", "User", "Image", "WorkingDir"])
            config.TryAdd(text, "");
        foreach (string flag in (ReadOnlySpan<string>)["AttachStdin", "AttachStdout", "AttachStderr", "Tty", "OpenStdin", "StdinOnce"])
            config.TryAdd(flag, false);
        foreach (string absent in (ReadOnlySpan<string>)["Env", "Cmd", "Volumes", "Entrypoint", "OnBuild", "Labels"])
            config.TryAdd(absent, null);
    }
}
