using System.Text;
using Hafen.Networking.Bridge;

namespace Hafen.Networking.Firewall;

/// <summary>What the firewall table shall hold.</summary>
public sealed record FirewallRules
{
    /// <summary>Name of the table, family <c>ip</c>.</summary>
    public required string Table { get; init; }

    public required BridgeSettings Bridge { get; init; }

    /// <summary>Packets leaving the bridge's subnet by another interface get the host's address.</summary>
    public required bool Masquerade { get; init; }

    /// <summary>
    /// Interfaces through which strangers reach the host, when Hafen itself has made the host forward. The host was no router for them
    /// before and shall not become one. Empty when forwarding was on already: then it is the operator's intent.
    /// </summary>
    public IReadOnlyList<string> Guarded { get; init; } = [];

    /// <summary>
    /// Commands that replace the whole table in one transaction. The first line makes sure that there is a table for the second to delete.
    /// </summary>
    public string Replace()
    {
        string bridge = Quote(Bridge.Name);
        var text = new StringBuilder();
        text.Append($"add table ip {Table}\ndelete table ip {Table}\ntable ip {Table} {{\n");
        if (Masquerade)
        {
            text.Append(" chain postrouting {\n  type nat hook postrouting priority srcnat; policy accept;\n");
            text.Append($"  ip saddr {Bridge.Subnet} oifname != {bridge} masquerade\n }}\n");
        }
        text.Append(" chain forward {\n  type filter hook forward priority filter; policy accept;\n");
        text.Append($"  iifname {bridge} accept\n");
        text.Append($"  oifname {bridge} ct state established,related accept\n");
        text.Append($"  oifname {bridge} drop\n");
        if (Guarded.Count > 0)
            text.Append($"  iifname {{ {string.Join(", ", Guarded.Select(Quote))} }} ct state new ct status != dnat drop\n");
        text.Append(" }\n}\n");
        return text.ToString();
    }

    /// <summary>Commands that remove the table, whether it is there or not.</summary>
    public static string Remove(string table) => $"add table ip {table}\ndelete table ip {table}\n";

    private static string Quote(string name) => $"\"{name}\"";
}
