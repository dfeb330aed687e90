namespace Hafen.Cli.CommandLine;

/// <summary>A command ends with this text on stderr and this exit code.</summary>
internal sealed class CommandException(string message, int exitCode = 1) : Exception(message)
{
    public int ExitCode => exitCode;
}
