using System.Text.Json.Serialization;

namespace Hafen.Engine.State.Disk;

/// <summary>
/// The file <c>container.json</c>: a <see cref="ContainerRecord"/> as it is stored. A member's name here is its name in the file, and files are read for ever: what is renamed or
/// means something else is a new version.
/// </summary>
internal sealed record StoredContainer
{
    public const int CurrentVersion = 1;

    /// <summary>First in the file, so that it is there when little else is.</summary>
    [JsonPropertyOrder(-1)] public int Version { get; } = CurrentVersion;

    public required string Id { get; init; }
    public required string Name { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required string ImageId { get; init; }
    public string? TopLayer { get; init; }
    public required StoredConfig Config { get; init; }
    public required StoredHostConfig HostConfig { get; init; }
    public required StoredNetwork[] Networks { get; init; }
    public required StoredMount[] Mounts { get; init; }
}
