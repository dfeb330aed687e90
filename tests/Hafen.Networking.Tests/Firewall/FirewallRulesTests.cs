using System.Net;
using System.Net.NetworkInformation;
using Hafen.Networking.Addresses;
using Hafen.Networking.Bridge;
using Hafen.Networking.Firewall;

namespace Hafen.Networking.Tests.Firewall;

public sealed class FirewallRulesTests
{
    private static readonly FirewallRules s_rules = new()
    {
        Table = "hafen",
        Masquerade = true,
        Bridges = [Bridge("hafen0", "172.17.0.1")],
    };

    [Fact]
    public void TheTableIsReplacedAsAWhole() =>
        Assert.Equal(
            """
            add table ip hafen
            delete table ip hafen
            table ip hafen {
             chain postrouting {
              type nat hook postrouting priority srcnat; policy accept;
              ip saddr 172.17.0.0/16 oifname != "hafen0" masquerade
             }
             chain forward {
              type filter hook forward priority filter; policy accept;
              iifname "hafen0" oifname "hafen0" accept
              oifname "hafen0" ct state established,related accept
              oifname "hafen0" drop
              iifname "hafen0" accept
             }
            }

            """,
            s_rules.Replace());

    [Fact]
    public void WithoutMasqueradeThereIsNoSuchChain() =>
        Assert.DoesNotContain("postrouting", (s_rules with { Masquerade = false }).Replace(), StringComparison.Ordinal);

    [Fact]
    public void StrangersDoNotCrossAHostThatForwardsForOurSakeOnly()
    {
        string[] lines = (s_rules with { ForwardsForUsOnly = true, Forwarders = ["eth7"] }).Replace().Split('\n', StringSplitOptions.TrimEntries);
        string[] forward = lines[(Array.IndexOf(lines, "iifname \"hafen0\" accept") + 1)..Array.LastIndexOf(lines, "drop")];
        Assert.Equal(["ct state established,related accept", "ct status dnat accept", "iifname \"eth7\" accept", "iifname \"docker0\" accept"], forward[..4]);
        Assert.All(forward, line => Assert.EndsWith(" accept", line, StringComparison.Ordinal));
        Assert.DoesNotContain("drop", s_rules.Replace().Split('\n', StringSplitOptions.TrimEntries));
    }

    [Fact]
    public void WhatABridgeLetsOutComesAfterWhatEachOfThemKeepsOut()
    {
        string[] lines = (s_rules with { Bridges = [Bridge("hafen0", "172.17.0.1"), Bridge("br-two", "172.18.0.1")] }).Replace().Split('\n', StringSplitOptions.TrimEntries);
        Assert.Contains("ip saddr 172.18.0.0/16 oifname != \"br-two\" masquerade", lines);
        Assert.True(Array.IndexOf(lines, "oifname \"br-two\" drop") < Array.IndexOf(lines, "iifname \"hafen0\" accept"));
        Assert.True(Array.IndexOf(lines, "oifname \"hafen0\" drop") < Array.IndexOf(lines, "iifname \"br-two\" accept"));
    }

    private static BridgeSettings Bridge(string name, string gateway)
        => new(name, IPAddress.Parse(gateway), Subnet.Of(IPAddress.Parse(gateway), 16), PhysicalAddress.None, 1500);

    [Fact]
    public void ForeignChainsThatDropAreFound()
    {
        const string Json =
            """
            {"nftables": [{"metainfo": {"version": "1.0.6"}},
             {"chain": {"family": "ip", "table": "filter", "name": "FORWARD", "handle": 2, "type": "filter", "hook": "forward", "prio": 0, "policy": "drop"}},
             {"chain": {"family": "inet", "table": "firewalld", "name": "filter_FORWARD", "hook": "forward", "policy": "accept"}},
             {"chain": {"family": "inet", "table": "own", "name": "fwd", "hook": "forward", "policy": "drop"}},
             {"chain": {"family": "ip6", "table": "filter", "name": "FORWARD", "hook": "forward", "policy": "drop"}},
             {"chain": {"family": "ip", "table": "filter", "name": "INPUT", "hook": "input", "policy": "drop"}},
             {"chain": {"family": "ip", "table": "filter", "name": "DOCKER", "handle": 9}},
             {"chain": {"family": "ip", "table": "hafen", "name": "forward", "hook": "forward", "policy": "drop"}}]}
            """;
        Assert.Equal(["ip filter FORWARD", "inet own fwd"], ForwardPolicies.Dropping(Json, "hafen"));
        Assert.Contains("iptables -I FORWARD -i hafen0 -j ACCEPT", ForwardPolicies.Advice("ip filter FORWARD", "hafen0"), StringComparison.Ordinal);
        Assert.Contains("in that chain", ForwardPolicies.Advice("inet own fwd", "hafen0"), StringComparison.Ordinal);
    }
}
