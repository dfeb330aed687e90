using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Containers;

/// <summary><c>hafen restart</c>.</summary>
internal sealed class Restart : Command
{
    private readonly ValueFlag<string> _signal;
    private readonly ValueFlag<long> _timeout;

    public Restart()
        : base("[OPTIONS] CONTAINER [CONTAINER...]", "Restart one or more containers")
    {
        Arguments = ArgumentRule.AtLeast(1);
        Aliases = ["hafen container restart", "hafen restart"];
        _signal = Flags.Text("signal", 's', "Signal to send to the container");
        _timeout = Flags.Integer("timeout", 't', "Seconds to wait before the container is killed");
        Flags.Add(new ForwardingFlag("time", _timeout));
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        int? seconds = _timeout.Changed ? (int)_timeout.Value : null;
        return EachObject.Run(session, arguments, name => session.Client.Containers.Restart(name, _signal.Value, seconds).Run());
    }
}
