using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Images;

/// <summary><c>hafen image inspect</c>.</summary>
internal sealed class Inspect : Command
{
    private readonly ValueFlag<string> _format;
    private readonly ValueFlag<string> _platform;

    public Inspect()
        : base("[OPTIONS] IMAGE [IMAGE...]", "Display detailed information on one or more images")
    {
        Arguments = ArgumentRule.AtLeast(1);
        _format = Flags.Text("format", 'f', FormatHelp.Single);
        _platform = Flags.Text("platform", '\0', "Platform (os/arch) to inspect");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        string? wanted = PlatformSpec.ForImages(_platform);
        return Inspection.Show(session, arguments, _format.Value, name => session.Client.Images.Inspect(name, wanted).Run());
    }
}
