using Hafen.Linux.Netlink;

namespace Hafen.Networking.Firewall;

/// <summary>The kernel's switch for IPv4 forwarding (<c>net.ipv4.ip_forward</c>).</summary>
public static class Forwarding
{
    private const string Setting = "ipv4/ip_forward";

    public static bool IsOn => NetworkSysctl.Read(Setting) == "1";

    public static void Set(bool on) => NetworkSysctl.Write(Setting, on ? "1"u8 : "0"u8);
}
