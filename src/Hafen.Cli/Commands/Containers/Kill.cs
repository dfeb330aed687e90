using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Containers;

/// <summary><c>hafen kill</c>.</summary>
internal sealed class Kill : Command
{
    private readonly ValueFlag<string> _signal;

    public Kill()
        : base("[OPTIONS] CONTAINER [CONTAINER...]", "Kill one or more running containers")
    {
        Arguments = ArgumentRule.AtLeast(1);
        Aliases = ["hafen container kill", "hafen kill"];
        _signal = Flags.Text("signal", 's', "Signal to send to the container");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
        => EachObject.Run(session, arguments, name => session.Client.Containers.Kill(name, _signal.Value).Run());
}
