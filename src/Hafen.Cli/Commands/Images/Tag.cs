using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting.Units;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Images;

/// <summary><c>hafen tag</c>.</summary>
internal sealed class Tag : Command
{
    public Tag()
        : base("SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]", "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE")
    {
        Arguments = ArgumentRule.Exactly(2);
        Aliases = ["hafen image tag", "hafen tag"];
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        if (!IsImageId(arguments[0]))
            Parse(arguments[0]);
        var target = Parse(arguments[1]);
        if (target.Digest is not null)
            throw new CommandException("refusing to create a tag with a digest reference");
        session.Client.Images.Tag(arguments[0], target.Repository, target.Tag ?? "latest").Run();
        return 0;
    }

    private static ImageName Parse(string text)
        => ImageName.TryParse(text, out var name)
            ? name
            : throw new CommandException($"Error parsing reference: \"{text}\" is not a valid repository/tag: {ImageName.Complaint(text)}");

    private static bool IsImageId(string text) => text.StartsWith("sha256:", StringComparison.Ordinal) || (text.Length == 64 && text.All(char.IsAsciiHexDigitLower));
}
