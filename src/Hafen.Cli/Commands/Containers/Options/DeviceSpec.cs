using Hafen.Api;

namespace Hafen.Cli.Commands.Containers.Options;

/// <summary><c>--device host[:container][:rwm]</c>, and the rules of <c>--device-cgroup-rule</c>.</summary>
internal static class DeviceSpec
{
    /// <exception cref="FormatException">Not a device mapping.</exception>
    public static DeviceMapping Parse(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length > 3 || parts[0].Length == 0)
            throw new FormatException($"bad format for path: {text}");
        string path = parts[0];
        string target = parts[0];
        string permissions = "rwm";
        if (parts.Length == 2)
        {
            if (IsMode(parts[1]))
                permissions = parts[1];
            else
                target = parts[1];
        }
        else if (parts.Length == 3)
        {
            if (!IsMode(parts[2]))
                throw new FormatException($"bad mode specified: {parts[2]}");
            target = parts[1];
            permissions = parts[2];
        }

        if (!target.StartsWith('/'))
            throw new FormatException($"{target} is not an absolute path");
        return new DeviceMapping { PathOnHost = path, PathInContainer = target, CgroupPermissions = permissions };
    }

    /// <summary>A CDI name such as <c>vendor.com/class=name</c>, which the daemon resolves.</summary>
    public static bool IsCdiName(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return slash > 0 && equals > slash + 1 && equals < text.Length - 1 && text[0] != '/';
    }

    /// <summary><c>c 1:3 rwm</c>, with <c>*</c> for any number.</summary>
    public static string CheckRule(string text)
    {
        string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool valid = parts.Length == 3 && parts[0] is "a" or "b" or "c" && parts[1].Split(':') is [var major, var minor]
            && IsNumber(major) && IsNumber(minor) && parts[2].Length is > 0 and <= 3 && parts[2].All(letter => letter is 'r' or 'w' or 'm');
        return valid ? text : throw new FormatException($"invalid device cgroup format '{text}'");
    }

    private static bool IsNumber(string text) => text == "*" || (text.Length > 0 && text.All(char.IsAsciiDigit));

    private static bool IsMode(string text)
        => text.Length is > 0 and <= 3 && text.Distinct().Count() == text.Length && text.All(letter => letter is 'r' or 'w' or 'm');
}
