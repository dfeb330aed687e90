using System.Globalization;

namespace Hafen.Linux.Processes;

/// <summary>Signals by name (signal(7)); the numbers are the same on x86-64 and arm64.</summary>
public static class SignalTable
{
    /// <summary>The first and the last number of a signal for real-time use, as the C library counts: it keeps 32 and 33 for its threads.</summary>
    public const int FirstRealTime = 34, LastRealTime = 64;

    private static readonly string[] s_names =
    [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT",
        "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>Finds the number of <c>TERM</c>, <c>SIGTERM</c> or <c>RTMIN+3</c>, in any case.</summary>
    /// <returns>False when there is no such signal.</returns>
    public static bool TryFind(string name, out int number)
    {
        if (name.StartsWith("SIG", StringComparison.OrdinalIgnoreCase))
            name = name[3..];
        number = Array.FindIndex(s_names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) + 1;
        if (number == 0)
            number = Other(name.ToUpperInvariant());
        return number > 0;
    }

    private static int Other(string name) => name switch
    {
        "IOT" => 6,
        "CLD" => 17,
        "POLL" => 29,
        "RTMIN" => FirstRealTime,
        "RTMAX" => LastRealTime,
        _ when name.StartsWith("RTMIN+", StringComparison.Ordinal) => Distance(name, most: 15) is > 0 and int up ? FirstRealTime + up : 0,
        _ when name.StartsWith("RTMAX-", StringComparison.Ordinal) => Distance(name, most: 14) is > 0 and int down ? LastRealTime - down : 0,
        _ => 0,
    };

    private static int Distance(string name, int most) =>
        int.TryParse(name.AsSpan("RTMIN+".Length), NumberStyles.None, CultureInfo.InvariantCulture, out int distance) && distance <= most ? distance : 0;
}
