using Hafen.Api;

namespace Hafen.Daemon.Versions;

/// <summary>Something about a request that is no member of a body: a parameter, or a form of the answer. Routes ask for the feature, never for a number.</summary>
/// <param name="Since">The first version that has it.</param>
internal readonly record struct ApiFeature(ApiVersion Since)
{
    /// <summary>Images are listed by the filter <c>reference</c>; before, by a parameter <c>filter</c> of their own.</summary>
    public static ApiFeature ReferenceFilter { get; } = new(new ApiVersion(1, 25));

    /// <summary>A wait has a condition, and its head is sent at once.</summary>
    public static ApiFeature WaitCondition { get; } = new(new ApiVersion(1, 30));

    /// <summary>A container is made for a <c>platform</c>.</summary>
    public static ApiFeature PlatformOfCreate { get; } = new(new ApiVersion(1, 41));

    /// <summary>Stop and restart take a <c>signal</c>.</summary>
    public static ApiFeature StopSignal { get; } = new(new ApiVersion(1, 42));

    /// <summary>Streams in frames have a content type of their own.</summary>
    public static ApiFeature MultiplexedStreamType { get; } = new(new ApiVersion(1, 42));

    /// <summary>Disk usage is asked for by <c>type</c>.</summary>
    public static ApiFeature DiskUsageTypes { get; } = new(new ApiVersion(1, 42));

    /// <summary>Volumes with a name are pruned only with the filter <c>all</c>.</summary>
    public static ApiFeature NamedVolumesAreKept { get; } = new(new ApiVersion(1, 42));

    /// <summary>Images are asked for by <c>platform</c>.</summary>
    public static ApiFeature PlatformOfImages { get; } = new(new ApiVersion(1, 48));
}
