namespace Hafen.Api;

/// <summary>Answer of <c>GET /system/df</c>.</summary>
public sealed record DiskUsage
{
    public long LayersSize { get; init; }
    public ImageSummary[]? Images { get; init; }
    public ContainerSummary[]? Containers { get; init; }
    public VolumeInspect[]? Volumes { get; init; }
    public EmptyObject[]? BuildCache { get; init; }
}
