using System.Text.Json.Serialization;

namespace Hafen.Engine.State.Disk;

/// <summary>A mount of a container: a <see cref="ContainerMount"/> as it is stored.</summary>
internal sealed record StoredMount
{
    public required string Type { get; init; }
    public string? Name { get; init; }
    public string? Source { get; init; }
    public required string Destination { get; init; }
    public string? Driver { get; init; }
    public string? Mode { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public required bool Writable { get; init; }
    public string? Propagation { get; init; }
    public bool FollowsHost { get; init; }
    public bool Anonymous { get; init; }
    public bool NonRecursive { get; init; }
    public bool ReadOnlyNonRecursive { get; init; }
    public bool ReadOnlyForceRecursive { get; init; }
    public bool CreateSource { get; init; }
    public string? Subpath { get; init; }
    public string? TmpfsOptions { get; init; }
    public bool FromMounts { get; init; }
}
