using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;
using Hafen.Client.Errors;

namespace Hafen.Cli.Commands.Containers;

/// <summary><c>hafen rename</c>.</summary>
internal sealed class Rename : Command
{
    public Rename()
        : base("CONTAINER NEW_NAME", "Rename a container")
    {
        Arguments = ArgumentRule.Exactly(2);
        Aliases = ["hafen container rename", "hafen rename"];
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        var (old, name) = (arguments[0].Trim(), arguments[1].Trim());
        if (old.Length == 0 || name.Length == 0)
            throw new CommandException("Error: Neither old nor new names may be empty");
        try
        {
            session.Client.Containers.Rename(old, name).Run();
            return 0;
        }
        catch (ApiException exception)
        {
            session.Streams.WriteErrorLine(CommandLineProgram.FailureText(exception)!);
            throw new CommandException($"Error: failed to rename container named {old}");
        }
    }
}
