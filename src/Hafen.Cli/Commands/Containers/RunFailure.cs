using Hafen.Cli.CommandLine;
using Hafen.Client.Errors;

namespace Hafen.Cli.Commands.Containers;

/// <summary>Exit codes of <c>run</c> for a container that did not start: 127 no such command, 126 not executable, 125 anything else.</summary>
internal static class RunFailure
{
    public static CommandException ToCommandException(Exception failure, string verb)
    {
        string text = CommandLineProgram.FailureText(failure) ?? failure.Message;
        return new CommandException($"hafen: {text}\n\nRun 'hafen {verb} --help' for more information", failure is ApiException refusal ? Code(refusal.Message) : 125);
    }

    internal static int Code(string message)
    {
        if (Has(message, "executable file not found") || Has(message, "no such file or directory") || Has(message, "system cannot find the file specified"))
            return 127;
        return Has(message, "permission denied") || Has(message, "is a directory") ? 126 : 125;
    }

    private static bool Has(string message, string part) => message.Contains(part, StringComparison.Ordinal);
}
