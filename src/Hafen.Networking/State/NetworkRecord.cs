namespace Hafen.Networking.State;

/// <summary>What is remembered of a network across restarts of the daemon and the machine.</summary>
public sealed record NetworkRecord
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Driver { get; init; }
    public required DateTimeOffset Created { get; init; }

    /// <summary>Address of the bridge with its prefix length; null for <c>host</c> and <c>none</c>.</summary>
    public string? Address { get; init; }

    /// <summary>Hardware address of the bridge.</summary>
    public string? MacAddress { get; init; }

    /// <summary>IPv4 forwarding was off before Hafen switched it on.</summary>
    public bool? ForwardingSwitchedOn { get; init; }

    /// <summary>The boot (boot_id) in which that was. Forwarding that is on after another boot was switched on by somebody else.</summary>
    public string? ForwardingBoot { get; init; }

    /// <summary>Interfaces that forwarded before, by a setting of their own; separated by spaces.</summary>
    public string? ForwardersBefore { get; init; }
}
