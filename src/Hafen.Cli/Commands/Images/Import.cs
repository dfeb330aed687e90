using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting.Units;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Images;

/// <summary><c>hafen import</c>: an image from the tar archive of a root file system.</summary>
internal sealed class Import : Command
{
    private readonly ListFlag<string> _changes;
    private readonly ValueFlag<string> _message;
    private readonly ValueFlag<string> _platform;

    public Import()
        : base("[OPTIONS] file|URL|- [REPOSITORY[:TAG]]", "Import the contents from a tarball to create a filesystem image")
    {
        Arguments = new ArgumentRule(1, int.MaxValue);
        Aliases = ["hafen image import", "hafen import"];
        _changes = Flags.List("change", 'c', "Apply a Dockerfile instruction to the image");
        _message = Flags.Text("message", 'm', "Message of the image's history");
        _platform = Flags.Text("platform", '\0', "Platform of the image (os/arch)");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        string source = arguments[0];
        bool isUrl = source.StartsWith("http://", StringComparison.Ordinal) || source.StartsWith("https://", StringComparison.Ordinal);
        var (repository, tag) = Target(arguments);
        using Stream? body = isUrl ? null : source == "-" ? new InputStream(session.Streams.Input) : ArchiveFile.Open(source);
        using var progress = session.Client.Images.Import(body, isUrl ? source : "-", repository, tag, _message.Value, _changes.Values, _platform.Value).Run();
        ProgressDisplay.Show(progress.Body, session.Streams);
        return 0;
    }

    private static (string? Repository, string? Tag) Target(IReadOnlyList<string> arguments)
    {
        if (arguments.Count < 2)
            return (null, null);
        if (!ImageName.TryParse(arguments[1], out var name) || name.Digest is not null)
            throw new CommandException(name.Digest is not null ? "refusing to create a tag with a digest reference" : ImageName.Complaint(arguments[1]));
        return (name.Repository, name.Tag);
    }
}
