namespace Hafen.Cli.Commands.Containers.Options;

/// <summary><c>--attach</c>: one of the three standard streams.</summary>
internal static class StreamName
{
    public static string Check(string text)
        => text.ToLowerInvariant() is "stdin" or "stdout" or "stderr"
            ? text.ToLowerInvariant()
            : throw new FormatException("valid streams are STDIN, STDOUT and STDERR");
}
