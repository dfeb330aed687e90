namespace Hafen.Volumes;

/// <summary>A volume as the store knows it and drivers are told of it.</summary>
public sealed record Volume
{
    /// <summary>Marks a volume that nobody gave a name; its value is empty.</summary>
    public const string AnonymousLabel = "com.docker.volume.anonymous";

    public required string Name { get; init; }

    /// <summary>Name of its driver, which an earlier release may have had and this one not.</summary>
    public required string Driver { get; init; }
    public required VolumeScope Scope { get; init; }

    /// <summary>Folder of the content; empty when only a mount tells.</summary>
    public required string Mountpoint { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The driver's options.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}
