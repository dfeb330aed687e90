using Hafen.Linux.Netlink;

namespace Hafen.Networking.Firewall;

/// <summary>The kernel's switch for IPv4 forwarding (<c>net.ipv4.ip_forward</c>).</summary>
public static class Forwarding
{
    private const string Setting = "ipv4/ip_forward";

    public static bool IsOn => NetworkSysctl.Read(Setting) == "1";

    /// <summary>What the kernel calls this boot of the machine.</summary>
    public static string Boot => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>
    /// The links whose own setting lets the host forward what comes from them; null when there are none. Names that a rule cannot hold as they are
    /// are left out.
    /// </summary>
    public static string? OwnForwarders(IEnumerable<LinkInfo> links, IReadOnlyCollection<string> except)
    {
        string[] names =
        [
            .. links.Select(link => link.Name)
                .Where(name => !except.Contains(name) && name.AsSpan().IndexOfAny("\"\\* ") < 0 && NetworkSysctl.Read($"ipv4/conf/{name}/forwarding") == "1"),
        ];
        return names.Length == 0 ? null : string.Join(' ', names);
    }

    public static void Set(bool on) => NetworkSysctl.Write(Setting, on ? "1"u8 : "0"u8);
}
