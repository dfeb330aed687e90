using System.Globalization;
using Hafen.Api;

namespace Hafen.Engine.Containers;

/// <summary>Signals by name (signal(7)), with or without <c>SIG</c>, in any case.</summary>
internal static class SignalNames
{
    public const int SIGKILL = 9, SIGTERM = 15, SIGCONT = 18;

    private static readonly IReadOnlyDictionary<string, int> s_numbers = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)
    {
        ["HUP"] = 1,
        ["INT"] = 2,
        ["QUIT"] = 3,
        ["ILL"] = 4,
        ["TRAP"] = 5,
        ["ABRT"] = 6,
        ["IOT"] = 6,
        ["BUS"] = 7,
        ["FPE"] = 8,
        ["KILL"] = 9,
        ["USR1"] = 10,
        ["SEGV"] = 11,
        ["USR2"] = 12,
        ["PIPE"] = 13,
        ["ALRM"] = 14,
        ["TERM"] = 15,
        ["STKFLT"] = 16,
        ["CHLD"] = 17,
        ["CLD"] = 17,
        ["CONT"] = 18,
        ["STOP"] = 19,
        ["TSTP"] = 20,
        ["TTIN"] = 21,
        ["TTOU"] = 22,
        ["URG"] = 23,
        ["XCPU"] = 24,
        ["XFSZ"] = 25,
        ["VTALRM"] = 26,
        ["PROF"] = 27,
        ["WINCH"] = 28,
        ["IO"] = 29,
        ["POLL"] = 29,
        ["PWR"] = 30,
        ["SYS"] = 31,
        ["RTMIN"] = 34,
        ["RTMAX"] = 64,
    };

    /// <summary>The number of a signal given by name or number.</summary>
    /// <exception cref="EngineException">No such signal.</exception>
    public static int Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
        {
            if (number == 0)
                throw EngineException.InvalidParameter($"invalid signal: {text}");
            return number;
        }
        string name = text.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? text[3..] : text;
        if (s_numbers.TryGetValue(name, out number))
            return number;
        if (TryRealTime(name, "RTMIN+", 34, 1, 15, out number) || TryRealTime(name, "RTMAX-", 64, -1, 14, out number))
            return number;
        throw EngineException.InvalidParameter($"invalid signal: {text}");
    }

    /// <summary>The same, and the kernel must know the signal.</summary>
    public static int ParseValid(string text)
    {
        int number = Parse(text);
        // 32 and 33 belong to the C library's threads.
        if (number is < 1 or > 64 or 32 or 33)
            throw EngineException.InvalidParameter($"the linux daemon does not support signal {number}");
        return number;
    }

    /// <summary>The signal that ends a container in order.</summary>
    public static int ToStop(ContainerConfig config) => string.IsNullOrEmpty(config.StopSignal) ? SIGTERM : Parse(config.StopSignal);

    private static bool TryRealTime(string name, string prefix, int from, int direction, int most, out int number)
    {
        number = 0;
        if (!name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            return false;
        if (!int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int offset) || offset is < 1 || offset > most)
            return false;
        number = from + direction * offset;
        return true;
    }
}
