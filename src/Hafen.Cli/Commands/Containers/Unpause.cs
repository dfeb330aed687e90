using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Containers;

/// <summary><c>hafen unpause</c>.</summary>
internal sealed class Unpause : Command
{
    public Unpause()
        : base("CONTAINER [CONTAINER...]", "Unpause all processes within one or more containers")
    {
        Arguments = ArgumentRule.AtLeast(1);
        Aliases = ["hafen container unpause", "hafen unpause"];
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
        => EachObject.Run(session, arguments, name => session.Client.Containers.Unpause(name).Run());
}
