using System.Text.Json.Serialization;

namespace Hafen.Volumes.State;

/// <summary>The one thing about a record that every release understands. It is read first: nothing is known of the rest of a newer one.</summary>
internal sealed record VolumeRecordVersion
{
    /// <summary>Null is the first.</summary>
    public int? Version { get; init; }

    /// <summary>A later release wrote it.</summary>
    [JsonIgnore]
    public bool IsNewer => Version is > VolumeRecord.CurrentVersion;
}
