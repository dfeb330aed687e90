using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Containers;

/// <summary><c>hafen container inspect</c>.</summary>
internal sealed class Inspect : Command
{
    private readonly ValueFlag<string> _format;
    private readonly ValueFlag<bool> _size;

    public Inspect()
        : base("[OPTIONS] CONTAINER [CONTAINER...]", "Display detailed information on one or more containers")
    {
        Arguments = ArgumentRule.AtLeast(1);
        _format = Flags.Text("format", 'f', FormatHelp.Single);
        _size = Flags.Switch("size", 's', "Show sizes of files");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
        => Inspection.Show(session, arguments, _format.Value, name => session.Client.Containers.Inspect(name, _size.Value).Run());
}
