using System.Net.NetworkInformation;
using Hafen.Api;
using Hafen.Cli.CommandLine;

namespace Hafen.Cli.Commands.Containers.Options;

/// <summary>The networks a new container joins, from <c>--network</c> and the flags that speak of the first one.</summary>
internal static class NetworkRequest
{
    public static string Mode(ContainerFlags flags) => flags.Networks.Values.Count == 0 ? "default" : flags.Networks.Values[0].Target;

    public static void CheckMac(string text)
    {
        if (text.Length > 0 && (!PhysicalAddress.TryParse(text.Trim().Replace(':', '-').ToUpperInvariant(), out var address) || address.GetAddressBytes().Length != 6))
            throw new CommandException($"{text} is not a valid mac address");
    }

    public static Dictionary<string, EndpointSettings?> Build(ContainerFlags flags)
    {
        var endpoints = new Dictionary<string, EndpointSettings?>(StringComparer.Ordinal);
        var given = flags.Networks.Values.Count == 0 ? [new NetworkSpec { Target = "default" }] : flags.Networks.Values;
        for (int index = 0; index < given.Count; index++)
        {
            var spec = index == 0 ? WithContainerFlags(given[index], flags) : given[index];
            if (spec.Target.Trim().Length == 0)
                throw new CommandException("no name set for network");
            if (!spec.IsUserDefined && spec.Aliases.Count > 0)
                throw new CommandException("network-scoped aliases are only supported for user-defined networks");
            if (!spec.IsUserDefined && spec.Links.Count > 0)
                throw new CommandException("links are only supported for user-defined networks");
            CheckMac(spec.MacAddress ?? "");
            if (endpoints.ContainsKey(spec.Target))
                throw new CommandException($"network \"{spec.Target}\" is specified multiple times");
            var settings = spec.ToSettings();

            // A single network without details is fully said by NetworkMode.
            if (settings is null && given.Count == 1 && flags.Networks.Values.Count == 1)
                continue;
            endpoints[spec.Target] = settings ?? new EndpointSettings();
        }

        if (given.Any(spec => spec.IsUserDefined) && given.Any(spec => !spec.IsUserDefined))
            throw new CommandException("conflicting options: cannot attach both user-defined and non-user-defined network-modes");
        return endpoints;
    }

    private static NetworkSpec WithContainerFlags(NetworkSpec spec, ContainerFlags flags)
    {
        Conflict(spec.Aliases.Count > 0 && flags.NetworkAliases.Values.Count > 0, "--network-alias and per-network alias");
        Conflict(spec.Links.Count > 0 && flags.Links.Values.Count > 0, "--link and per-network links");
        Conflict(spec.Ip is not null && flags.Ip.Value.Length > 0, "--ip and per-network IPv4 address");
        Conflict(spec.Ip6 is not null && flags.Ip6.Value.Length > 0, "--ip6 and per-network IPv6 address");
        Conflict(spec.MacAddress is not null && flags.MacAddress.Value.Length > 0, "--mac-address and per-network MAC address");
        Conflict(spec.LinkLocalIps.Count > 0 && flags.LinkLocalIps.Values.Count > 0, "--link-local-ip and per-network link-local IP addresses");
        return spec with
        {
            Aliases = flags.NetworkAliases.Values.Count > 0 ? flags.NetworkAliases.Values : spec.Aliases,
            Links = flags.Links.Values.Count > 0 && spec.IsUserDefined ? flags.Links.Values : spec.Links,
            Ip = flags.Ip.Value.Length > 0 ? flags.Ip.Value : spec.Ip,
            Ip6 = flags.Ip6.Value.Length > 0 ? flags.Ip6.Value : spec.Ip6,
            MacAddress = flags.MacAddress.Value.Length > 0 ? flags.MacAddress.Value : spec.MacAddress,
            LinkLocalIps = flags.LinkLocalIps.Values.Count > 0 ? flags.LinkLocalIps.Values : spec.LinkLocalIps,
        };
    }

    private static void Conflict(bool both, string what)
    {
        if (both)
            throw new CommandException($"conflicting options: cannot specify both {what}");
    }
}
