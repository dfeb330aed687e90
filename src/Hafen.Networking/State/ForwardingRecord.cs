using System.Text.Json.Serialization;

namespace Hafen.Networking.State;

/// <summary>What is remembered of the host's forwarding, which Hafen may have switched on: <c>networks/host/forwarding.json</c>.</summary>
public sealed record ForwardingRecord
{
    /// <summary>The version that is written, and the newest that is read.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Of the file; records of the first release have none.</summary>
    [JsonPropertyOrder(-1)] public int Version { get; } = CurrentVersion;

    /// <summary>IPv4 forwarding was off before Hafen switched it on.</summary>
    public bool SwitchedOn { get; init; }

    /// <summary>The boot (boot_id) in which that was. Forwarding that is on after another boot was switched on by somebody else.</summary>
    public string? Boot { get; init; }

    /// <summary>Interfaces that forwarded before, by a setting of their own; separated by spaces.</summary>
    public string? ForwardersBefore { get; init; }
}
