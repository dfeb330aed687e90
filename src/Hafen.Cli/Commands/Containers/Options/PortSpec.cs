using System.Globalization;
using Hafen.Api;
using Hafen.Cli.CommandLine;

namespace Hafen.Cli.Commands.Containers.Options;

/// <summary><c>--publish [ip:][host:]container[/proto]</c> with ranges, its long form <c>published=…,target=…</c>, and <c>--expose</c>.</summary>
internal static class PortSpec
{
    public static void Publish(IEnumerable<string> specs, Dictionary<string, EmptyObject> exposed, Dictionary<string, PortBinding[]?> bindings)
    {
        foreach (string spec in specs)
        {
            foreach (var (port, binding) in Parse(Standard(spec)))
            {
                exposed[port] = EmptyObject.Value;
                bindings[port] = bindings.TryGetValue(port, out var others) ? [.. others!, binding] : [binding];
            }
        }
    }

    public static void Expose(IEnumerable<string> specs, Dictionary<string, EmptyObject> exposed)
    {
        foreach (string spec in specs)
        {
            if (spec.Contains(':', StringComparison.Ordinal))
                throw new CommandException($"invalid port format for --expose: {spec}");
            var (ports, protocol) = SplitProtocol(spec);
            if (!TryRange(ports, out int first, out int last))
                throw new CommandException($"invalid range format for --expose: {spec}, error: {RangeComplaint(ports)}");
            for (int port = first; port <= last; port++)
                exposed[$"{port}/{protocol}"] = EmptyObject.Value;
        }
    }

    /// <summary>The pairs of a published port or range.</summary>
    public static IEnumerable<(string Port, PortBinding Binding)> Parse(string spec)
    {
        var (address, host, container) = Split(spec);
        (container, string? protocol) = SplitProtocol(container);
        if (container.Length == 0)
            throw new CommandException($"no port specified: {spec}<empty>");
        if (address.Length > 0 && !AddressSpec.TryParse(address, out _))
            throw new CommandException($"invalid IP address: {address}");
        if (protocol is not ("tcp" or "udp" or "sctp"))
            throw new CommandException($"invalid proto: {protocol}");
        if (!TryRange(container, out int first, out int last))
            throw new CommandException($"invalid containerPort: {container}");
        int hostFirst = 0, hostLast = 0;
        if (host.Length > 0 && !TryRange(host, out hostFirst, out hostLast))
            throw new CommandException($"invalid hostPort: {host}");

        // One container port may get a port of the daemon's choice in a range of the host.
        bool choice = host.Length > 0 && hostLast - hostFirst != last - first;
        if (choice && first != last)
            throw new CommandException($"invalid ranges specified for container and host Ports: {container} and {host}");
        return Pairs();

        IEnumerable<(string Port, PortBinding Binding)> Pairs()
        {
            for (int offset = 0; offset <= last - first; offset++)
            {
                string hostPort = host.Length == 0 ? "" : choice ? $"{hostFirst}-{hostLast}" : (hostFirst + offset).ToString(CultureInfo.InvariantCulture);
                yield return ($"{first + offset}/{protocol}", new PortBinding { HostIp = address, HostPort = hostPort });
            }
        }
    }

    private static (string Address, string Host, string Container) Split(string spec)
    {
        int last = spec.LastIndexOf(':');
        if (last < 0)
            return ("", "", spec);
        string container = spec[(last + 1)..];
        string before = spec[..last];
        int colon = before.LastIndexOf(':');
        if (colon < 0 || before.EndsWith(']'))
            return before is ['[', .., ']'] ? (before[1..^1], "", container) : ("", before, container);
        string address = before[..colon];
        return (address is ['[', .., ']'] ? address[1..^1] : address, before[(colon + 1)..], container);
    }

    private static (string Ports, string Protocol) SplitProtocol(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (text, "tcp") : (text[..slash], slash == text.Length - 1 ? "tcp" : text[(slash + 1)..].ToLowerInvariant());
    }

    private static bool TryRange(string text, out int first, out int last)
    {
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        last = 0;
        if (!ushort.TryParse(dash < 0 ? text : text[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out ushort start))
        {
            first = 0;
            return false;
        }

        first = start;
        if (dash < 0)
        {
            last = start;
            return true;
        }

        if (!ushort.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort end))
            return false;
        last = end;
        return last >= first;
    }

    private static string RangeComplaint(string text)
    {
        if (text.Length == 0)
            return "empty string specified for ports";
        try
        {
            foreach (string part in text.Split('-', 2))
                FlagValues.Unsigned16(part);
            return $"invalid range specified for port: {text}";
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }

    private static string Standard(string spec)
    {
        if (!spec.Contains('=', StringComparison.Ordinal))
            return spec;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["protocol"] = "tcp" };
        foreach (string field in spec.Split(','))
        {
            var pair = KeyValues.Pair(field);
            if (pair.Key.Length == 0 || !field.Contains('=', StringComparison.Ordinal))
                throw new CommandException($"invalid publish opts format (should be name=value but got '{field}')");
            fields[pair.Key] = pair.Value;
        }

        return $"{fields.GetValueOrDefault("published")}:{fields.GetValueOrDefault("target")}/{fields["protocol"]}";
    }
}
