namespace Hafen.Cli.Session;

/// <summary>The reader of an output is gone (<c>hafen logs | head</c>). No message: the exit code says it.</summary>
internal sealed class BrokenOutputException : Exception
{
    /// <summary>What a shell reports for a program that SIGPIPE ended.</summary>
    public const int ExitCode = 128 + 13;
}
