using System.Globalization;

namespace Hafen.Engine.Containers.Create;

/// <summary>A container's port as a key of <c>PortBindings</c>: <c>80</c> or <c>80/tcp</c>.</summary>
internal static class PublishedPort
{
    public static bool IsValid(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string number = slash < 0 ? text : text[..slash];
        string protocol = slash < 0 ? "tcp" : text[(slash + 1)..].ToLowerInvariant();
        return ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0 && protocol is ("tcp" or "udp" or "sctp");
    }
}
