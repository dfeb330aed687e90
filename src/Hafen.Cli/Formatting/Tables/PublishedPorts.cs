using System.Net;
using Hafen.Api;

namespace Hafen.Cli.Formatting.Tables;

/// <summary>The PORTS column: neighbours of one address become a range, <c>0.0.0.0:8000-8002->8000-8002/tcp</c>.</summary>
internal static class PublishedPorts
{
    public static string Describe(IReadOnlyList<PortSummary> ports)
    {
        var texts = new List<string>();
        var mapped = new List<string>();
        var groups = new List<Group>();
        var sorted = ports.OrderBy(port => port.PrivatePort).ThenBy(port => AddressOrder(port.IP), StringComparer.Ordinal)
            .ThenBy(port => port.PublicPort).ThenBy(port => port.Type, StringComparer.Ordinal);
        foreach (var port in sorted)
        {
            string address = string.IsNullOrEmpty(port.IP) ? "" : port.IP;
            if (address.Length > 0 && port.PublicPort != port.PrivatePort)
            {
                mapped.Add($"{Join(address, port.PublicPort.ToString())}->{port.PrivatePort}/{port.Type}");
                continue;
            }

            var group = groups.Find(candidate => candidate.Address == address && candidate.Type == port.Type);
            if (group is null)
            {
                groups.Add(new Group(address, port.Type) { First = port.PrivatePort, Last = port.PrivatePort });
            }
            else if (port.PrivatePort == group.Last + 1)
            {
                group.Last = port.PrivatePort;
            }
            else
            {
                texts.Add(group.ToString());
                group.First = group.Last = port.PrivatePort;
            }
        }

        return string.Join(", ", texts.Concat(groups.Select(group => group.ToString())).Concat(mapped));
    }

    private static string Join(string address, string port)
        => address.Contains(':', StringComparison.Ordinal) ? $"[{address}]:{port}" : $"{address}:{port}";

    /// <summary>Addresses in numeric order, IPv4 before IPv6.</summary>
    private static string AddressOrder(string? text)
        => IPAddress.TryParse(text, out var address) ? $"{address.GetAddressBytes().Length:00}{Convert.ToHexString(address.GetAddressBytes())}" : "";

    private sealed class Group(string address, string type)
    {
        public string Address => address;

        public string Type => type;

        public int First { get; set; }

        public int Last { get; set; }

        public override string ToString()
        {
            string range = First == Last ? First.ToString() : $"{First}-{Last}";
            return address.Length == 0 ? $"{range}/{type}" : $"{Join(address, range)}->{range}/{type}";
        }
    }
}
