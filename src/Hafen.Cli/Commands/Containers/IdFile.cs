using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Containers;

/// <summary>The file of <c>--cidfile</c>: made before the container, removed again when there is no container to write.</summary>
internal sealed class IdFile : IDisposable
{
    private readonly string path;
    private readonly FileStream? file;
    private bool written;

    private IdFile(string path, FileStream? file)
    {
        this.path = path;
        this.file = file;
    }

    public static IdFile Open(string path)
    {
        if (path.Length == 0) return new IdFile(path, null);
        if (File.Exists(path) || Directory.Exists(path))
            throw new CommandException($"container ID file found, make sure the other container isn't running or delete {path}");
        try
        {
            return new IdFile(path, new FileStream(path, FileMode.CreateNew, FileAccess.Write));
        }
        catch (Exception failure) when (FileFailure.Is(failure))
        {
            throw new CommandException($"failed to create the container ID file: open {path}: {FileFailure.Reason(failure, path)}");
        }
    }

    public void Write(string id)
    {
        file?.Write(System.Text.Encoding.ASCII.GetBytes(id));
        written = true;
    }

    public void Dispose()
    {
        file?.Dispose();
        if (file is not null && !written) File.Delete(path);
    }
}
