
namespace Hafen.Cli.Commands.Containers.Options;

/// <summary><c>--add-host name:ip</c> or <c>name=ip</c>; the address may be <c>host-gateway</c>.</summary>
internal static class HostMapping
{
    public static string Check(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        int separator = equals > 0 ? equals : text.IndexOf(':', StringComparison.Ordinal);
        if (separator <= 0)
            throw new FormatException($"bad format for add-host: \"{text}\"");
        string name = text[..separator];
        string address = text[(separator + 1)..];
        if (address is ['[', .., ']'])
            address = address[1..^1];
        if (address != "host-gateway" && !AddressSpec.TryParse(address, out _))
            throw new FormatException($"invalid IP address in add-host: \"{address}\"");
        return $"{name}:{address}";
    }
}
