namespace Hafen.Networking.State;

/// <summary>What is remembered of the host's forwarding, which Hafen may have switched on: <c>networks/host/forwarding.json</c>.</summary>
public sealed record ForwardingRecord
{
    /// <summary>IPv4 forwarding was off before Hafen switched it on.</summary>
    public bool SwitchedOn { get; init; }

    /// <summary>The boot (boot_id) in which that was. Forwarding that is on after another boot was switched on by somebody else.</summary>
    public string? Boot { get; init; }

    /// <summary>Interfaces that forwarded before, by a setting of their own; separated by spaces.</summary>
    public string? ForwardersBefore { get; init; }
}
