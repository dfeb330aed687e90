using System.Net;

namespace Hafen.Cli.Commands.Containers.Options;

/// <summary>An IP address on the command line.</summary>
internal static class AddressSpec
{
    public static string Check(string text)
        => IPAddress.TryParse(text.Trim(), out var address) ? address.ToString() : throw new FormatException($"IP address is not correctly formatted: {text}");
}
