using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Containers;

/// <summary>The file of <c>--cidfile</c>: made before the container, removed again when there is no container to write.</summary>
internal sealed class IdFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream? _file;
    private bool _written;

    private IdFile(string path, FileStream? file)
    {
        this._path = path;
        this._file = file;
    }

    public static IdFile Open(string path)
    {
        if (path.Length == 0)
            return new IdFile(path, null);
        if (File.Exists(path) || Directory.Exists(path))
            throw new CommandException($"container ID file found, make sure the other container isn't running or delete {path}");
        try
        {
            return new IdFile(path, new FileStream(path, FileMode.CreateNew, FileAccess.Write));
        }
        catch (Exception exception) when (FileFailure.Is(exception))
        {
            throw new CommandException($"failed to create the container ID file: open {path}: {FileFailure.Reason(exception, path)}");
        }
    }

    public void Write(string id)
    {
        _file?.Write(System.Text.Encoding.ASCII.GetBytes(id));
        _written = true;
    }

    public void Dispose()
    {
        _file?.Dispose();
        if (_file is not null && !_written)
            File.Delete(_path);
    }
}
