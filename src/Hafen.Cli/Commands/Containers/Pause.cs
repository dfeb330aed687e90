using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Containers;

/// <summary><c>hafen pause</c>.</summary>
internal sealed class Pause : Command
{
    public Pause()
        : base("CONTAINER [CONTAINER...]", "Pause all processes within one or more containers")
    {
        Arguments = ArgumentRule.AtLeast(1);
        Aliases = ["hafen container pause", "hafen pause"];
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
        => EachObject.Run(session, arguments, name => session.Client.Containers.Pause(name).Run());
}
