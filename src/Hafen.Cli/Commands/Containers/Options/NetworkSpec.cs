using Hafen.Api;

namespace Hafen.Cli.Commands.Containers.Options;

/// <summary><c>--network NAME</c>, or <c>--network name=…,alias=…,ip=…,driver-opt=k=v</c>.</summary>
internal sealed record NetworkSpec
{
    public required string Target { get; init; }

    public IReadOnlyList<string> Aliases { get; init; } = [];

    public IReadOnlyList<string> Links { get; init; } = [];

    public Dictionary<string, string>? DriverOptions { get; init; }

    public string? Ip { get; init; }

    public string? Ip6 { get; init; }

    public string? MacAddress { get; init; }

    public IReadOnlyList<string> LinkLocalIps { get; init; } = [];

    public int Priority { get; init; }

    /// <summary>A network made by the user, where aliases and links work.</summary>
    public bool IsUserDefined => IsUserDefinedMode(Target);

    public static bool IsUserDefinedMode(string mode)
        => mode is not ("default" or "bridge" or "host" or "none" or "") && !mode.StartsWith("container:", StringComparison.Ordinal);

    public static NetworkSpec Parse(string text)
    {
        if (!text.Contains('=', StringComparison.Ordinal))
            return new NetworkSpec { Target = text };
        var spec = new NetworkSpec { Target = "" };
        foreach (string field in CsvFields.Split(text))
            spec = spec.With(field);
        return spec.Target.Length > 0 ? spec : throw new FormatException("network name/id is not specified");
    }

    private NetworkSpec With(string field)
    {
        int equals = field.IndexOf('=', StringComparison.Ordinal);
        string key = (equals < 0 ? field : field[..equals]).Trim().ToLowerInvariant();
        if (equals < 0)
            throw new FormatException($"invalid field {field}: must be a key=value pair");
        string value = field[(equals + 1)..].Trim();
        switch (key)
        {
            case "name": return this with { Target = value };
            case "alias": return this with { Aliases = [.. Aliases, value] };
            case "driver-opt":
                var option = KeyValues.Pair(value);
                if (option.Key.Length == 0 || !value.Contains('=', StringComparison.Ordinal))
                    throw new FormatException("invalid key value pair format in driver options");
                return this with { DriverOptions = new Dictionary<string, string>(DriverOptions ?? [], StringComparer.Ordinal) { [option.Key.Trim().ToLowerInvariant()] = option.Value.Trim() } };
            case "ip": return this with { Ip = Address(key, value) };
            case "ip6": return this with { Ip6 = Address(key, value) };
            case "mac-address": return this with { MacAddress = value };
            case "link-local-ip": return this with { LinkLocalIps = [.. LinkLocalIps, Address(key, value)] };
            case "gw-priority":
                return int.TryParse(value, out int priority) ? this with { Priority = priority } : throw new FormatException($"invalid gw-priority: {value}");
            default: throw new FormatException($"invalid field key {key}");
        }
    }

    private static string Address(string key, string value)
        => AddressSpec.TryParse(value, out _) ? value : throw new FormatException($"invalid {key} address: {value}");

    /// <summary>What goes to the daemon for this network; null when there is nothing but the name.</summary>
    public EndpointSettings? ToSettings()
    {
        var ipam = Ip is null && Ip6 is null && LinkLocalIps.Count == 0
            ? null
            : new EndpointIpamConfig { IPv4Address = Ip, IPv6Address = Ip6, LinkLocalIPs = LinkLocalIps.Count == 0 ? null : [.. LinkLocalIps] };
        if (ipam is null && Aliases.Count == 0 && Links.Count == 0 && DriverOptions is null && MacAddress is null && Priority == 0)
            return null;
        return new EndpointSettings
        {
            Aliases = Aliases.Count == 0 ? null : [.. Aliases],
            Links = Links.Count == 0 ? null : [.. Links],
            DriverOpts = DriverOptions,
            MacAddress = MacAddress,
            IPAMConfig = ipam,
            GwPriority = Priority,
        };
    }
}
