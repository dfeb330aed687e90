using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Images;

/// <summary><c>hafen load</c>.</summary>
internal sealed class Load : Command
{
    private readonly ValueFlag<string> input;
    private readonly ValueFlag<string> platform;
    private readonly ValueFlag<bool> quiet;

    public Load()
        : base("[OPTIONS]", "Load an image from a tar archive or STDIN")
    {
        Aliases = ["hafen image load", "hafen load"];
        input = Flags.Text("input", 'i', "Read from this file instead of STDIN");
        platform = Flags.Text("platform", '\0', "Load only this platform (os/arch)");
        quiet = Flags.Switch("quiet", 'q', "Do not show progress");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        var streams = session.Streams;
        var wanted = PlatformSpec.ForImages(platform, "invalid platform: ");
        if (input.Value.Length == 0 && streams.InputIsTerminal) throw new CommandException("requested load from stdin, but stdin is empty");
        using Stream archive = input.Value.Length == 0 ? new InputStream(streams.Input) : ArchiveFile.Open(input.Value);
        using var progress = session.Client.Images.Load(archive, quiet.Value || !streams.OutputIsTerminal, wanted);
        ProgressDisplay.Show(progress.Body, streams);
        return 0;
    }
}
