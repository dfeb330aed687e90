using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Images;

/// <summary><c>hafen save</c>.</summary>
internal sealed class Save : Command
{
    private const int BufferSize = 256 * 1024;
    private readonly ValueFlag<string> output;
    private readonly ValueFlag<string> platform;

    public Save()
        : base("[OPTIONS] IMAGE [IMAGE...]", "Save images to a tar archive (to STDOUT unless a file is named)")
    {
        Arguments = ArgumentRule.AtLeast(1);
        Aliases = ["hafen image save", "hafen save"];
        output = Flags.Text("output", 'o', "Write to this file instead of STDOUT");
        platform = Flags.Text("platform", '\0', "Save only this platform (os/arch)");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        var streams = session.Streams;
        var wanted = PlatformSpec.ForImages(platform, "invalid platform: ");
        if (output.Value.Length == 0 && streams.OutputIsTerminal)
            throw new CommandException("cowardly refusing to save to a terminal. Use the -o flag or redirect");
        if (output.Value.Length > 0) SaveTarget.Check(output.Value);
        using var archive = session.Client.Images.Save(arguments, wanted);
        if (output.Value.Length > 0)
        {
            EndingSignals.TidyUp(() => SaveTarget.Abandon(output.Value));
            SaveTarget.Write(archive.Body, output.Value);
            return 0;
        }

        var buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        int count;
        while ((count = archive.Body.Read(buffer)) > 0) CliStreams.WriteAll(streams.Output, buffer.AsSpan(0, count));
        return 0;
    }
}
