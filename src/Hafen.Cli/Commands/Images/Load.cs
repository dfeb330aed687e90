using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Images;

/// <summary><c>hafen load</c>.</summary>
internal sealed class Load : Command
{
    private readonly ValueFlag<string> _input;
    private readonly ValueFlag<string> _platform;
    private readonly ValueFlag<bool> _quiet;

    public Load()
        : base("[OPTIONS]", "Load an image from a tar archive or STDIN")
    {
        Aliases = ["hafen image load", "hafen load"];
        _input = Flags.Text("input", 'i', "Read from this file instead of STDIN");
        _platform = Flags.Text("platform", '\0', "Load only this platform (os/arch)");
        _quiet = Flags.Switch("quiet", 'q', "Do not show progress");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        var streams = session.Streams;
        string? wanted = PlatformSpec.ForImages(_platform, "invalid platform: ");
        if (_input.Value.Length == 0 && streams.InputIsTerminal)
            throw new CommandException("requested load from stdin, but stdin is empty");
        using Stream archive = _input.Value.Length == 0 ? new InputStream(streams.Input) : ArchiveFile.Open(_input.Value);
        using var progress = session.Client.Images.Load(archive, _quiet.Value || !streams.OutputIsTerminal, wanted).Run();
        ProgressDisplay.Show(progress.Body, streams);
        return 0;
    }
}
