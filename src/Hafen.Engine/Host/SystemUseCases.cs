namespace Hafen.Engine.Host;

/// <summary>What concerns the host and the daemon as a whole.</summary>
public sealed record SystemUseCases
{
    public required DescribeSystem Describe { get; init; }
    public required MeasureDiskUsage DiskUsage { get; init; }
    public required ReloadSystem Reload { get; init; }
    public required DescribeVersion Version { get; init; }
}
