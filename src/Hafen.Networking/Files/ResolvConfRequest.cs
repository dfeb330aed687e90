namespace Hafen.Networking.Files;

/// <summary>What decides the content of a container's <c>/etc/resolv.conf</c>.</summary>
public sealed record ResolvConfRequest
{
    /// <summary>Text of the host's file, from <see cref="ResolvConf.ReadHostFile"/>.</summary>
    public required string HostFile { get; init; }

    /// <summary><c>--dns</c> or the daemon's <c>dns</c>; empty keeps the host's.</summary>
    public IReadOnlyList<string> Nameservers { get; init; } = [];

    /// <summary><c>--dns-search</c> or the daemon's; empty keeps the host's, a single <c>.</c> means none.</summary>
    public IReadOnlyList<string> Search { get; init; } = [];

    /// <summary><c>--dns-option</c> or the daemon's; empty keeps the host's.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>The container shares the host's network, so the host's loopback resolvers are its own.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>The container has IPv6, so IPv6 name servers are of use.</summary>
    public bool IPv6 { get; init; }
}
