namespace Hafen.Volumes.State;

/// <summary>What is remembered of a volume across restarts of the daemon: <c>volumes/&lt;name&gt;/volume.json</c>, whatever driver it is of.</summary>
internal sealed record VolumeRecord
{
    /// <summary>The version that this release writes, and the newest that it reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Of the record's form; absent in the records of earlier releases, which are of the first.</summary>
    public int? Version { get; init; }
    public required string Name { get; init; }

    /// <summary>Name of its driver.</summary>
    public required string Driver { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public Dictionary<string, string>? Options { get; init; }
    public Dictionary<string, string>? Labels { get; init; }
}
