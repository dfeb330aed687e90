using Hafen.Engine.Times;
using Hafen.Oci.Images;

namespace Hafen.Engine.Images.Changes;

/// <summary><c>HEALTHCHECK NONE</c> and <c>HEALTHCHECK [--interval=5s …] CMD …</c>.</summary>
internal static class HealthcheckChange
{
    private const long Shortest = 1_000_000;
    private static readonly char[] s_space = [' ', '\t'];

    public static ImageHealthcheck Parse(string text)
    {
        var check = new ImageHealthcheck();
        while (text.StartsWith("--", StringComparison.Ordinal))
        {
            string[] parts = text.Split(s_space, 2);
            check = WithFlag(check, parts[0]);
            text = parts.Length > 1 ? parts[1].Trim() : "";
        }
        string[] command = text.Split(s_space, 2);
        switch (command[0].ToUpperInvariant())
        {
            case "NONE" when command.Length == 1:
                return new ImageHealthcheck { Test = ["NONE"] };
            case "NONE":
                throw EngineException.InvalidParameter("HEALTHCHECK NONE takes no arguments");
            case "CMD" when command.Length > 1:
                string rest = command[1].Trim();
                string[] list = ImageChanges.Command(rest);
                return check with { Test = rest.StartsWith('[') && list[0] != "/bin/sh" ? ["CMD", .. list] : ["CMD-SHELL", rest] };
            case "CMD":
                throw EngineException.InvalidParameter("Missing command after HEALTHCHECK CMD");
            default:
                throw EngineException.InvalidParameter($"Unknown type \"{command[0].ToUpperInvariant()}\" in HEALTHCHECK (try CMD)");
        }
    }

    private static ImageHealthcheck WithFlag(ImageHealthcheck check, string flag)
    {
        string[] parts = flag.Split('=', 2);
        if (parts.Length < 2) throw EngineException.InvalidParameter($"Missing a value on flag: {parts[0][2..]}");
        return parts[0] switch
        {
            "--interval" => check with { Interval = Duration(parts) },
            "--timeout" => check with { Timeout = Duration(parts) },
            "--start-period" => check with { StartPeriod = Duration(parts) },
            "--start-interval" => check with { StartInterval = Duration(parts) },
            "--retries" when int.TryParse(parts[1], out int retries) && retries >= 0 => check with { Retries = retries },
            "--retries" when int.TryParse(parts[1], out int negative) => throw EngineException.InvalidParameter($"--retries cannot be negative ({negative})"),
            "--retries" => throw EngineException.InvalidParameter($"strconv.ParseInt: parsing \"{parts[1]}\": invalid syntax"),
            _ => throw EngineException.InvalidParameter($"Unknown flag: {parts[0][2..]}"),
        };
    }

    private static long Duration(string[] parts)
    {
        if (!GoDuration.TryParse(parts[1], out long nanoseconds)) throw EngineException.InvalidParameter($"time: invalid duration \"{parts[1]}\"");
        return nanoseconds is 0 or >= Shortest ? nanoseconds
            : throw EngineException.InvalidParameter($"Interval \"{parts[0][2..]}\" cannot be less than 1ms");
    }
}
