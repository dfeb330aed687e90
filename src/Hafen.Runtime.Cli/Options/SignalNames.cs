namespace Hafen.Runtime.Cli.Options;

/// <summary>Signals by name or number (signal(7), the same on x86-64 and arm64).</summary>
internal static class SignalNames
{
    private static readonly string[] s_names =
    [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT",
        "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <exception cref="UsageException">No signal.</exception>
    public static int Parse(string text)
    {
        if (int.TryParse(text, out int number) && number is >= 0 and <= 64)
            return number;
        string name = text.ToUpperInvariant();
        if (name.StartsWith("SIG", StringComparison.Ordinal))
            name = name[3..];
        int index = Array.IndexOf(s_names, name);
        return index >= 0 ? index + 1 : throw new UsageException($"unknown signal \"{text}\"");
    }
}
