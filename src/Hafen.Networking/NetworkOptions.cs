namespace Hafen.Networking;

/// <summary>What the operator decides about the networks of this host.</summary>
public sealed record NetworkOptions
{
    /// <summary>The daemon's state folder; networks are remembered in <c>networks/&lt;id&gt;.json</c> below it.</summary>
    public required string StateRoot { get; init; }

    /// <summary>Where they are remembered.</summary>
    public string StateFolder => Path.Combine(StateRoot, "networks");

    /// <summary>Interface name of the default bridge. Another one than Docker's, so that both engines can run on one host.</summary>
    public string BridgeName { get; init; } = "hafen0";

    /// <summary>There is no default bridge (<c>bridge: none</c>); containers that would be on it have no network.</summary>
    public bool WithoutBridge { get; init; }

    /// <summary>Address of the bridge with its prefix length (<c>daemon.json</c>: <c>bip</c>), for example <c>10.20.0.1/24</c>; null lets Hafen choose a subnet nobody uses.</summary>
    public string? Bip { get; init; }

    /// <summary>Addresses for containers come from this part of the subnet only (<c>fixed-cidr</c>); null for all of it.</summary>
    public string? FixedCidr { get; init; }

    /// <summary>MTU of the bridge and its containers in bytes; null takes 1500, or less when the default route's interface carries less.</summary>
    public int? Mtu { get; init; }

    /// <summary>Whether packets leaving the bridge's subnet by another interface get the host's address (<c>ip-masq</c>).</summary>
    public bool EnableMasquerade { get; init; } = true;

    /// <summary>Whether Hafen writes firewall rules at all (<c>iptables</c>). Without them there is no masquerade either.</summary>
    public bool EnableFirewall { get; init; } = true;

    /// <summary>Whether Hafen switches the kernel's IPv4 forwarding on when it is off (<c>ip-forward</c>).</summary>
    public bool EnableForwarding { get; init; } = true;

    /// <summary>Name of the one nftables table that is ours.</summary>
    public string TableName { get; init; } = "hafen";
}
