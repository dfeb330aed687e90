using System.Text.Json.Serialization;

namespace Hafen.Networking.State;

/// <summary>What is remembered of a network across restarts of the daemon and the machine: <c>networks/&lt;id&gt;.json</c>.</summary>
public sealed record NetworkRecord
{
    /// <summary>The version that is written, and the newest that is read.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Of the file; records of the first release have none.</summary>
    [JsonPropertyOrder(-1)] public int Version { get; } = CurrentVersion;

    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary>Name of its driver.</summary>
    public required string Driver { get; init; }
    public required DateTimeOffset Created { get; init; }

    /// <summary>The host's address in it with its prefix length; null where there are no addresses.</summary>
    public string? Address { get; init; }

    /// <summary>Hardware address of the bridge.</summary>
    public string? MacAddress { get; init; }

    public Dictionary<string, string>? Labels { get; init; }

    /// <summary>Read in the records of earlier releases, which kept it here (<see cref="ForwardingRecord"/>).</summary>
    public bool? ForwardingSwitchedOn { get; init; }

    /// <inheritdoc cref="ForwardingSwitchedOn"/>
    public string? ForwardingBoot { get; init; }

    /// <inheritdoc cref="ForwardingSwitchedOn"/>
    public string? ForwardersBefore { get; init; }

    /// <summary>What all networks say of themselves in the same way.</summary>
    public NetworkInfo Describe() => new()
    {
        Id = Id,
        Name = Name,
        Driver = Driver,
        Created = Created,
        Labels = Labels ?? [],
    };

    /// <summary>Whether both say the same. Labels count by what they are, not as an object.</summary>
    public bool Equals(NetworkRecord? other) => other is not null
        && (Id, Name, Driver, Created, Address, MacAddress) == (other.Id, other.Name, other.Driver, other.Created, other.Address, other.MacAddress)
        && (ForwardingSwitchedOn, ForwardingBoot, ForwardersBefore) == (other.ForwardingSwitchedOn, other.ForwardingBoot, other.ForwardersBefore)
        && (Labels ?? []).ToHashSet().SetEquals(other.Labels ?? []);

    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);
}
