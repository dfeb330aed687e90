using System.Text.Json;
using Hafen.Api;
using Hafen.Oci.Images;
using Hafen.Snapshots;

namespace Hafen.Engine.Images;

/// <summary>Shows everything that is known of an image.</summary>
public sealed class InspectImage(FindImage find, ISnapshotter snapshots)
{
    /// <exception cref="EngineException">There is no such image.</exception>
    public ImageInspect Run(string reference)
    {
        var image = find.Run(reference);
        var config = image.Config;
        return new ImageInspect
        {
            Id = image.Id.ToString(),
            RepoTags = ImageTags.Familiar(image),
            RepoDigests = [.. image.RepoDigests],
            Parent = config.Parent,
            Comment = config.Comment ?? config.History?.LastOrDefault()?.Comment,
            Created = config.CreatedText is { } text ? GoTime.Reformat(text) : config.Created is { } created ? GoTime.Format(created) : null,
            DockerVersion = config.DockerVersion,
            Author = config.Author,
            Config = config.Config is { } process ? Describe(process) : null,
            Architecture = config.Architecture,
            Variant = config.Variant,
            Os = config.Os,
            OsVersion = config.OsVersion,
            Size = image.Size,
            GraphDriver = new GraphDriverData { Name = snapshots.Name, Data = image.TopLayer is { } top ? snapshots.DescribeLayer(top) : null },
            RootFS = new ImageRootFS { Type = "layers", Layers = config.Rootfs?.DiffIds is { Length: > 0 } layers ? layers : null },
            Metadata = new ImageMetadata { LastTagTime = GoTime.Format(image.LastTagged) },
        };
    }

    private static ImageInspectConfig Describe(ImageProcessConfig config) => new()
    {
        User = Present(config.User),
        ExposedPorts = Set(config.ExposedPorts),
        Env = config.Env,
        Entrypoint = config.Entrypoint,
        Cmd = config.Cmd,
        Volumes = Set(config.Volumes),
        WorkingDir = Present(config.WorkingDir),
        Labels = config.Labels,
        StopSignal = Present(config.StopSignal),
        ArgsEscaped = config.ArgsEscaped ?? false,
        Healthcheck = config.Healthcheck is { } check
            ? new HealthConfig
            {
                Test = check.Test,
                Interval = check.Interval ?? 0,
                Timeout = check.Timeout ?? 0,
                StartPeriod = check.StartPeriod ?? 0,
                StartInterval = check.StartInterval ?? 0,
                Retries = check.Retries ?? 0,
            }
            : null,
        OnBuild = config.OnBuild is { Length: > 0 } ? config.OnBuild : null,
        Shell = config.Shell,
    };

    private static string? Present(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static Dictionary<string, EmptyObject>? Set(Dictionary<string, JsonElement>? set)
        => set is { Count: > 0 } ? set.ToDictionary(entry => entry.Key, _ => EmptyObject.Value) : null;
}
