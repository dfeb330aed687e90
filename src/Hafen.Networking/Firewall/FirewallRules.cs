using System.Text;
using Hafen.Networking.Bridge;

namespace Hafen.Networking.Firewall;

/// <summary>What the firewall table shall hold.</summary>
public sealed record FirewallRules
{
    /// <summary>Name of the table, family <c>ip</c>.</summary>
    public required string Table { get; init; }

    /// <summary>Our bridges. Each of them is a network of its own: nothing passes from one to another.</summary>
    public required IReadOnlyList<BridgeSettings> Bridges { get; init; }

    /// <summary>Packets leaving a bridge's subnet by another interface get the host's address.</summary>
    public required bool Masquerade { get; init; }

    /// <summary>
    /// Whether the host forwards only because Hafen made it. It was no router between its networks before and shall not become one: what is neither from nor
    /// to a bridge is dropped, whatever links come later. False when forwarding was on already: then it is the operator's intent.
    /// </summary>
    public bool ForwardsForUsOnly { get; init; }

    /// <summary>Interfaces whose packets the host forwarded before all the same (their own <c>forwarding</c> setting was on).</summary>
    public IReadOnlyList<string> Forwarders { get; init; } = [];

    /// <summary>
    /// Names that other engines give their bridges. They expect forwarding and may be started after Hafen, when it is on already; what their
    /// containers and machines begin passes, and to them answers and what they publish.
    /// </summary>
    public static IReadOnlyList<string> OtherEngines { get; } =
        ["docker0", "docker_gwbridge", "br-*", "podman*", "nerdctl*", "cni*", "flannel*", "cali*", "virbr*", "lxcbr*", "lxdbr*", "incusbr*"];

    /// <summary>
    /// Commands that replace the whole table in one transaction. The first line makes sure that there is a table for the second to delete.
    /// </summary>
    public string Replace()
    {
        var text = new StringBuilder();
        text.Append($"add table ip {Table}\ndelete table ip {Table}\ntable ip {Table} {{\n");
        if (Masquerade)
        {
            text.Append(" chain postrouting {\n  type nat hook postrouting priority srcnat; policy accept;\n");
            foreach (var bridge in Bridges)
                text.Append($"  ip saddr {bridge.Subnet} oifname != {Quote(bridge.Name)} masquerade\n");
            text.Append(" }\n");
        }
        text.Append(" chain forward {\n  type filter hook forward priority filter; policy accept;\n");
        // What stays on its bridge, and what the host is asked to forward for one, before what a bridge lets out: that could be on the way into another.
        foreach (var bridge in Bridges)
        {
            string name = Quote(bridge.Name);
            text.Append($"  iifname {name} oifname {name} accept\n");
            text.Append($"  oifname {name} ct state established,related accept\n");
            text.Append($"  oifname {name} drop\n");
        }
        foreach (var bridge in Bridges)
            text.Append($"  iifname {Quote(bridge.Name)} accept\n");
        if (ForwardsForUsOnly)
        {
            text.Append("  ct state established,related accept\n  ct status dnat accept\n");
            foreach (string name in Forwarders.Concat(OtherEngines))
                text.Append($"  iifname {Quote(name)} accept\n");
            // Another Hafen's bridge, whatever it is called.
            text.Append($"  iifgroup and {LinkGroup.CommonMask} == {LinkGroup.Common} accept\n");
            text.Append("  drop\n");
        }
        text.Append(" }\n}\n");
        return text.ToString();
    }

    /// <summary>Commands that remove the table, whether it is there or not.</summary>
    public static string Remove(string table) => $"add table ip {table}\ndelete table ip {table}\n";

    private static string Quote(string name) => $"\"{name}\"";
}
