using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Hafen.Cli.Commands.Containers.Options;

/// <summary>An IP address on the command line.</summary>
internal static class AddressSpec
{
    /// <summary>As strict as Go: four numbers, or an IPv6 address.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IPAddress? address)
        => IPAddress.TryParse(text, out address) && (text.Contains(':', StringComparison.Ordinal) || text.Count(letter => letter == '.') == 3);

    public static string Check(string text)
        => TryParse(text.Trim(), out var address) ? address.ToString() : throw new FormatException($"IP address is not correctly formatted: {text}");
}
