using Hafen.Linux.Netlink;

namespace Hafen.Networking.Bridge;

/// <summary>
/// Settings of links between the host and containers. What comes over such a link comes from people the host need not trust: it does not take routes,
/// addresses or gateways from them (CVE-2020-13401: a router advertisement of a container became the host's default route). The values are written
/// and not left to the defaults, which an administrator may have changed for other links.
/// </summary>
public static class LinkSysctls
{
    /// <summary>A bridge of ours carries IPv4 only, so it needs no IPv6; the rest holds for whoever switches that on again.</summary>
    public static IReadOnlyList<(string Setting, string Value)> OfBridge { get; } =
    [
        ("ipv6/conf/{0}/accept_ra", "0"),
        ("ipv6/conf/{0}/autoconf", "0"),
        ("ipv6/conf/{0}/accept_redirects", "0"),
        ("ipv6/conf/{0}/disable_ipv6", "1"),
        ("ipv4/conf/{0}/accept_redirects", "0"),
        ("ipv4/conf/{0}/accept_source_route", "0"),
        // Packets for 127.0.0.0/8 from a container stay strangers (CVE-2020-8558).
        ("ipv4/conf/{0}/route_localnet", "0"),
    ];

    /// <summary>A port hands everything to its bridge; this is for the time when the bridge has been taken away under it. Written at every start, so no more than needed.</summary>
    public static IReadOnlyList<(string Setting, string Value)> OfPort { get; } =
    [
        ("ipv6/conf/{0}/accept_ra", "0"),
        ("ipv6/conf/{0}/accept_redirects", "0"),
    ];

    /// <summary>Writes what differs. A setting that this kernel does not have cannot do harm.</summary>
    /// <exception cref="Linux.LinuxException">The kernel refused.</exception>
    public static void Apply(IReadOnlyList<(string Setting, string Value)> settings, string link)
    {
        foreach ((string setting, string value) in settings)
        {
            string path = setting.Replace("{0}", link, StringComparison.Ordinal);
            if (NetworkSysctl.Read(path) is { } present && present != value)
                NetworkSysctl.Write(path, System.Text.Encoding.ASCII.GetBytes(value));
        }
    }
}
