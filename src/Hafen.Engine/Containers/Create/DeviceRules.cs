using System.Globalization;
using Hafen.Oci.Runtime;

namespace Hafen.Engine.Containers.Create;

/// <summary>Device cgroup rules as text: <c>c 1:3 mr</c>, <c>a *:* rwm</c>.</summary>
internal static class DeviceRules
{
    /// <exception cref="EngineException">Malformed.</exception>
    public static SpecDeviceRule Parse(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 3 || words[0] is not ("a" or "b" or "c"))
            throw Malformed(text);
        int colon = words[1].IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            throw Malformed(text);
        return new SpecDeviceRule
        {
            Allow = true,
            Type = words[0],
            Major = Number(words[1][..colon], text),
            Minor = Number(words[1][(colon + 1)..], text),
            Access = IsAccess(words[2]) ? words[2] : throw Malformed(text),
        };
    }

    /// <exception cref="EngineException">Not made of <c>r</c>, <c>w</c> and <c>m</c>.</exception>
    public static void CheckPermissions(string? permissions)
    {
        if (!string.IsNullOrEmpty(permissions) && !IsAccess(permissions))
            throw EngineException.InvalidParameter($"invalid device mode: {permissions}");
    }

    private static bool IsAccess(string text) => text.Length is > 0 and <= 3 && !text.AsSpan().ContainsAnyExcept('r', 'w', 'm');

    /// <summary>Null stands for all.</summary>
    private static long? Number(string word, string text)
    {
        if (word == "*")
            return null;
        return long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : throw Malformed(text);
    }

    private static EngineException Malformed(string text) => EngineException.InvalidParameter($"invalid device cgroup rule format: '{text}'");
}
