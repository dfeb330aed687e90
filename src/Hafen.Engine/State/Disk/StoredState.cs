using System.Text.Json.Serialization;

namespace Hafen.Engine.State.Disk;

/// <summary>The file <c>state.json</c>: a <see cref="ContainerState"/> as it is stored, under the rules of <see cref="StoredContainer"/>.</summary>
internal sealed record StoredState
{
    public const int CurrentVersion = 1;

    /// <inheritdoc cref="StoredContainer.Version"/>
    [JsonPropertyOrder(-1)] public int Version { get; } = CurrentVersion;

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public required StoredStatus Status { get; init; }
    public int Pid { get; init; }
    public int ExitCode { get; init; }
    public string? Error { get; init; }
    public bool OomKilled { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public int RestartCount { get; init; }
    public bool StoppedByHand { get; init; }
    public bool HasRun { get; init; }
    public StoredEndpoint[]? Endpoints { get; init; }
    public bool RemovesVolumes { get; init; }
    public StoredHealth? Health { get; init; }
    public string? BootId { get; init; }
}
