using System.Text.Json.Serialization;

namespace Hafen.Runtime.State;

/// <summary>What a state folder's <c>state.json</c> holds. Whether the container runs is asked of the kernel each time, not stored.</summary>
public sealed record StoredContainer
{
    public required string Id { get; init; }

    /// <summary>Init's pid; 0 while it is being made.</summary>
    public required int Pid { get; init; }

    /// <summary>Init's start time in clock ticks since boot: with the pid it names one process for good.</summary>
    public required ulong StartTime { get; init; }

    public required string Bundle { get; init; }
    public required string CgroupPath { get; init; }

    /// <summary>Unix time in milliseconds.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Number of the user who made it.</summary>
    public uint Owner { get; init; }

    public bool NoNewKeyring { get; init; }
}

/// <summary>JSON context of the state folder and of what <c>state</c>, <c>list</c> and <c>features</c> print.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredContainer))]
public sealed partial class StateJson : JsonSerializerContext;
