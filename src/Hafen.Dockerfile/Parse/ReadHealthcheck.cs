using Hafen.Oci;
using Hafen.Oci.Images;

namespace Hafen.Dockerfile.Parse;

/// <summary><c>HEALTHCHECK NONE</c> and <c>HEALTHCHECK [--interval=5s …] CMD …</c>.</summary>
internal static class ReadHealthcheck
{
    private const long Shortest = 1_000_000;

    /// <exception cref="DockerfileException">A flag, its value or what comes behind the flags is malformed.</exception>
    public static ImageHealthcheck From(string text)
    {
        var check = new ImageHealthcheck();
        while (text.StartsWith("--", StringComparison.Ordinal))
        {
            (string flag, text) = Words.First(text);
            check = WithFlag(check, flag);
        }
        var (word, command) = Words.First(text);
        switch (word.ToUpperInvariant())
        {
            case "NONE":
                return command.Length == 0 ? new ImageHealthcheck { Test = ["NONE"] } : throw new DockerfileException("HEALTHCHECK NONE takes no arguments");
            case "CMD":
                return check with { Test = Test(command) };
            case var other:
                throw new DockerfileException($"Unknown type \"{other}\" in HEALTHCHECK (try CMD)");
        }
    }

    private static string[] Test(string command)
    {
        var list = ReadCommandLine.From(command).List;
        if (command.Length == 0 || list is [])
            throw new DockerfileException("Missing command after HEALTHCHECK CMD");
        return list is null ? ["CMD-SHELL", command] : ["CMD", .. list];
    }

    private static ImageHealthcheck WithFlag(ImageHealthcheck check, string flag)
    {
        string[] parts = flag.Split('=', 2);
        if (parts.Length < 2)
            throw new DockerfileException($"Missing a value on flag: {parts[0][2..]}");
        return parts[0] switch
        {
            "--interval" => check with { Interval = Duration(parts) },
            "--timeout" => check with { Timeout = Duration(parts) },
            "--start-period" => check with { StartPeriod = Duration(parts) },
            "--start-interval" => check with { StartInterval = Duration(parts) },
            "--retries" when int.TryParse(parts[1], out int retries) && retries >= 0 => check with { Retries = retries },
            "--retries" when int.TryParse(parts[1], out int negative) => throw new DockerfileException($"--retries cannot be negative ({negative})"),
            "--retries" => throw new DockerfileException($"strconv.ParseInt: parsing \"{parts[1]}\": invalid syntax"),
            _ => throw new DockerfileException($"Unknown flag: {parts[0][2..]}"),
        };
    }

    /// <summary>Nanoseconds.</summary>
    private static long Duration(string[] parts)
    {
        if (!GoDuration.TryParse(parts[1], out long nanoseconds))
            throw new DockerfileException($"time: invalid duration \"{parts[1]}\"");
        return nanoseconds is 0 or >= Shortest ? nanoseconds
            : throw new DockerfileException($"Interval \"{parts[0][2..]}\" cannot be less than 1ms");
    }
}
