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
        if (output.Value.Length == 0 && streams.OutputIsTerminal)
            throw new CommandException("cowardly refusing to save to a terminal. Use the -o flag or redirect");
        CheckOutput(output.Value);
        using var archive = session.Client.Images.Save(arguments, platform.Value);
        var buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        if (output.Value.Length == 0)
        {
            int count;
            while ((count = archive.Body.Read(buffer)) > 0) CliStreams.WriteAll(streams.Output, buffer.AsSpan(0, count));
            return 0;
        }

        WriteFile(archive.Body, output.Value, buffer);
        return 0;
    }

    private static void CheckOutput(string path)
    {
        if (path.Length == 0) return;
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (Directory.Exists(path)) throw new CommandException($"failed to save image: invalid output path: \"{path}\" must be a regular file");
        if (folder is not null && !Directory.Exists(folder))
            throw new CommandException($"failed to save image: invalid output path: stat {folder}: no such file or directory");
    }

    /// <summary>The file appears under its name when it is complete; an interrupted save leaves an earlier one alone.</summary>
    private static void WriteFile(Stream body, string path, byte[] buffer)
    {
        // A device or a pipe is written to, never replaced.
        if (File.Exists(path) && new FileInfo(path) is { LinkTarget: null } existing && (existing.Attributes & FileAttributes.Device) != 0)
        {
            using var device = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            int part;
            while ((part = body.Read(buffer)) > 0) device.Write(buffer, 0, part);
            return;
        }

        var temporary = $"{path}.{Environment.ProcessId}.partial";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                int count;
                while ((count = body.Read(buffer)) > 0) file.Write(buffer, 0, count);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
