namespace Hafen.Init;

/// <summary>Signals by name (signal(7), x86-64 and arm64).</summary>
internal static class SignalNames
{
    private const string Names =
        "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS";

    /// <summary>The number of <c>SIGTERM</c> or <c>TERM</c>; 0 when there is no such signal.</summary>
    public static int Number(string name) =>
        Array.IndexOf(Names.Split(' '), name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name) + 1;
}
