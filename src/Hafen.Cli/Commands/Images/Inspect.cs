using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Images;

/// <summary><c>hafen image inspect</c>.</summary>
internal sealed class Inspect : Command
{
    private readonly ValueFlag<string> format;

    public Inspect()
        : base("[OPTIONS] IMAGE [IMAGE...]", "Display detailed information on one or more images")
    {
        Arguments = ArgumentRule.AtLeast(1);
        format = Flags.Text("format", 'f', FormatHelp.Single);
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
        => Inspection.Show(session, arguments, format.Value, session.Client.Images.Inspect);
}
