using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Images;

/// <summary><c>hafen save</c>.</summary>
internal sealed class Save : Command
{
    private const int BufferSize = 256 * 1024;
    private readonly ValueFlag<string> _output;
    private readonly ValueFlag<string> _platform;

    public Save()
        : base("[OPTIONS] IMAGE [IMAGE...]", "Save images to a tar archive (to STDOUT unless a file is named)")
    {
        Arguments = ArgumentRule.AtLeast(1);
        Aliases = ["hafen image save", "hafen save"];
        _output = Flags.Text("output", 'o', "Write to this file instead of STDOUT");
        _platform = Flags.Text("platform", '\0', "Save only this platform (os/arch)");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        var streams = session.Streams;
        string? wanted = PlatformSpec.ForImages(_platform, "invalid platform: ");
        if (_output.Value.Length == 0 && streams.OutputIsTerminal)
            throw new CommandException("cowardly refusing to save to a terminal. Use the -o flag or redirect");
        if (_output.Value.Length > 0)
            SaveTarget.Check(_output.Value);
        using var archive = session.Client.Images.Save(arguments, wanted).Run();
        if (_output.Value.Length > 0)
        {
            EndingSignals.TidyUp(() => SaveTarget.Abandon(_output.Value));
            SaveTarget.Write(archive.Body, _output.Value);
            return 0;
        }

        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        int count;
        while ((count = archive.Body.Read(buffer)) > 0)
            CliStreams.WriteAll(streams.Output, buffer.AsSpan(0, count));
        return 0;
    }
}
