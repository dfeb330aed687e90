using System.Globalization;
using Hafen.Api;

namespace Hafen.Cli.Commands.Containers.Options;

/// <summary><c>--ulimit name=soft[:hard]</c>.</summary>
internal static class UlimitSpec
{
    private static readonly IReadOnlySet<string> s_names =
    new HashSet<string>
    {
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending", "stack",
    };

    public static Ulimit Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
            throw new FormatException($"invalid ulimit argument: {text}");
        string name = text[..equals];
        if (!s_names.Contains(name))
            throw new FormatException($"invalid ulimit type: {name}");
        string[] values = text[(equals + 1)..].Split(':');
        if (values.Length > 2)
            throw new FormatException($"too many limit value arguments - {text[(equals + 1)..]}, can only have up to two, `soft[:hard]`");
        long soft = Number(values[0]);
        long hard = values.Length == 2 ? Number(values[1]) : soft;
        if (hard != -1 && (soft == -1 || soft > hard))
            throw new FormatException($"ulimit soft limit must be less than or equal to hard limit: {(soft == -1 ? $"soft: -1 (unlimited), hard: {hard}" : $"{soft} > {hard}")}");
        return new Ulimit { Name = name, Soft = soft, Hard = hard };
    }

    private static long Number(string text)
        => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= -1
            ? value
            : throw new FormatException($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
}
