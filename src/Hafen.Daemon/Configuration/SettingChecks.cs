using System.Net;

namespace Hafen.Daemon.Configuration;

/// <summary>Values that would be found wrong much later, or by the containers: each is returned when it is right.</summary>
internal static class SettingChecks
{
    private const int LongestDomain = 254;
    private static readonly string[] s_reserved = ["com.docker.", "io.docker.", "org.dockerproject."];

    /// <exception cref="SettingException">One of them is no IP address.</exception>
    public static IReadOnlyList<string> Addresses(string name, IReadOnlyList<string> values)
    {
        // IPAddress takes "1" and "0x7f.1" as well, which no resolver does.
        string? wrong = values.FirstOrDefault(value => !IPAddress.TryParse(value, out _) || (!value.Contains(':') && value.AsSpan().Count('.') != 3));
        return wrong is null ? values : throw new SettingException($"{name}: {wrong} is not an ip address");
    }

    /// <exception cref="SettingException">One of them is neither a domain nor the dot that means none.</exception>
    public static IReadOnlyList<string> Domains(string name, IReadOnlyList<string> values)
    {
        string? wrong = values.FirstOrDefault(value => value.Trim() is var domain && domain != "." && !IsDomain(domain));
        return wrong is null ? values : throw new SettingException($"{name}: {wrong} is not a valid domain");
    }

    /// <exception cref="SettingException">One has no value, a reserved name, or another value than before.</exception>
    public static IReadOnlyList<string> Labels(IReadOnlyList<string> values)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string label in values)
        {
            int equals = label.IndexOf('=');
            if (equals < 0)
                throw new SettingException($"bad attribute format: {label}");
            if (s_reserved.Any(start => label.StartsWith(start, StringComparison.OrdinalIgnoreCase)))
                throw new SettingException($"label {label} is not allowed: names that begin with {string.Join(", ", s_reserved)} are reserved");
            string name = label[..equals], value = label[(equals + 1)..];
            if (seen.TryGetValue(name, out string? before) && before != value)
                throw new SettingException($"conflict labels for {name}={value} and {name}={before}");
            seen[name] = value;
        }
        return values;
    }

    private static bool IsDomain(string domain) => domain.Length is > 0 and <= LongestDomain && domain.Any(char.IsAsciiLetter)
        && (domain[^1] == '.' ? domain[..^1] : domain).Split('.').All(label => label.Length > 0 && label[0] != '-' && label[^1] != '-'
            && label.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'));
}
