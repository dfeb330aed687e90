using System.Text.Json;

namespace Hafen.Networking.Firewall;

/// <summary>
/// Finds firewall chains of others that drop what they do not know. An accept in our table ends our table's chain only: each chain on the
/// forward hook judges every packet, and one that drops has the last word.
/// </summary>
public static class ForwardPolicies
{
    /// <summary>How the chain of <c>iptables-legacy</c> is called here.</summary>
    public const string LegacyChain = "iptables-legacy filter FORWARD";

    /// <summary>Reads nftables' answer to <c>list chains</c> in JSON.</summary>
    /// <returns>The dropping chains as <c>family table chain</c>.</returns>
    public static IReadOnlyList<string> Dropping(string json, string ownTable)
    {
        var chains = new List<string>();
        using var document = JsonDocument.Parse(json);
        foreach (var item in document.RootElement.GetProperty("nftables").EnumerateArray())
        {
            if (!item.TryGetProperty("chain", out var chain))
                continue;
            string family = Text(chain, "family"), table = Text(chain, "table");
            if (Text(chain, "hook") == "forward" && Text(chain, "policy") == "drop" && family is "ip" or "inet" && table != ownTable)
                chains.Add($"{family} {table} {Text(chain, "name")}");
        }
        return chains;
    }

    /// <summary>What the operator is told about such a chain.</summary>
    public static string Advice(string chain, string bridge)
    {
        string command = chain == LegacyChain ? "iptables-legacy" : "iptables";
        string way = chain.EndsWith(" filter FORWARD", StringComparison.Ordinal)
            ? $"{command} -I FORWARD -i {bridge} -j ACCEPT and {command} -I FORWARD -o {bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT "
                + "(beside Docker: in DOCKER-USER instead of FORWARD)"
            : $"a rule in that chain that accepts what comes from {bridge} and the answers to it";
        return $"the firewall chain \"{chain}\" drops forwarded packets it does not know, so containers on {bridge} reach nothing outside this host; "
            + $"Hafen leaves the rules of others alone. Needed is {way}";
    }

    private static string Text(JsonElement chain, string property) =>
        chain.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
