using Hafen.Errors;
using Hafen.Linux.Nftables;

namespace Hafen.Networking.Firewall;

/// <summary>Brings the rules into the kernel and takes them out.</summary>
public static class HostFirewall
{
    // libnftables keeps parser state in globals.
    private static readonly Lock s_gate = new();

    /// <summary>Replaces our table and looks for chains of others that stand in the way.</summary>
    /// <returns>Advice for the operator, usually none.</returns>
    /// <exception cref="NetworkException">The rules were refused or the library is missing.</exception>
    public static IReadOnlyList<string> Apply(FirewallRules rules)
    {
        lock (s_gate)
        {
            try
            {
                using var nftables = new Nftables();
                nftables.Run(rules.Replace());
                var dropping = new List<string>(ForwardPolicies.Dropping(nftables.Query("list chains"), rules.Table));
                if (LegacyIptables.ForwardPolicyDrops())
                    dropping.Add(ForwardPolicies.LegacyChain);
                return [.. dropping.SelectMany(chain => rules.Bridges.Select(bridge => ForwardPolicies.Advice(chain, bridge.Name)))];
            }
            catch (NftablesException exception)
            {
                throw new NetworkException(ErrorKind.System, $"cannot set up the firewall rules of {string.Join(", ", rules.Bridges.Select(bridge => bridge.Name))}: {exception.Message}", exception);
            }
        }
    }

    /// <summary>A table as the kernel has it, in nft(8)'s language; null when it is not there.</summary>
    /// <exception cref="NetworkException">The library is missing.</exception>
    public static string? List(string table)
    {
        lock (s_gate)
        {
            Nftables nftables;
            try
            {
                nftables = new Nftables();
            }
            catch (NftablesException exception)
            {
                throw new NetworkException(ErrorKind.System, $"cannot look at the firewall rules: {exception.Message}", exception);
            }
            using (nftables)
            {
                try
                {
                    return nftables.Run($"list table ip {table}");
                }
                catch (NftablesException)
                {
                    return null;
                }
            }
        }
    }

    /// <summary>Removes our table.</summary>
    public static void Remove(string table)
    {
        lock (s_gate)
        {
            using var nftables = new Nftables();
            nftables.Run(FirewallRules.Remove(table));
        }
    }
}
