using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Containers;

/// <summary><c>hafen stop</c>.</summary>
internal sealed class Stop : Command
{
    private readonly ValueFlag<string> _signal;
    private readonly ValueFlag<long> _timeout;

    public Stop()
        : base("[OPTIONS] CONTAINER [CONTAINER...]", "Stop one or more running containers")
    {
        Arguments = ArgumentRule.AtLeast(1);
        Aliases = ["hafen container stop", "hafen stop"];
        _signal = Flags.Text("signal", 's', "Signal to send to the container");
        _timeout = Flags.Integer("timeout", 't', "Seconds to wait before the container is killed");
        Flags.Add(new ForwardingFlag("time", _timeout));
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        int? seconds = _timeout.Changed ? (int)_timeout.Value : null;
        return EachObject.RunTogether(session, arguments, (client, name) => client.Containers.Stop(name, _signal.Value, seconds).Run());
    }
}
