using Hafen.Monitor.Protocol;

namespace Hafen.Monitor.Logs;

/// <summary>
/// Moves a full log file out of the way: <c>x</c> becomes <c>x.1</c>, <c>x.1</c> becomes <c>x.2</c>, the oldest goes. With compression the older
/// ones are <c>x.N.gz</c>; that work is another process's, and no rotation happens before it is done.
/// </summary>
/// <param name="options">The log's limits.</param>
/// <param name="compressor">Compresses rotated files.</param>
public sealed class LogRotation(MonitorLog options, ILogCompressor compressor)
{
    /// <summary>Whether the file rotated last is still being compressed.</summary>
    public bool Busy => Compresses && compressor.Busy;

    private bool Compresses => options.Compress && options.MaxFiles > 1;

    /// <summary>Frees the log's own name. The log must be closed.</summary>
    public void Rotate()
    {
        var path = options.Path!;
        if (options.MaxFiles < 2)
        {
            File.Delete(path);
            return;
        }
        File.Delete(Name(options.MaxFiles - 1, compressed: false));
        File.Delete(Name(options.MaxFiles - 1, compressed: true));
        for (var number = options.MaxFiles - 2; number >= 1; number--)
        {
            Move(Name(number, compressed: true), Name(number + 1, compressed: true));
            Move(Name(number, compressed: false), Name(number + 1, compressed: false));
        }
        Move(path, Name(1, compressed: false));
        if (Compresses)
            compressor.Start(Name(1, compressed: false));
    }

    private string Name(int number, bool compressed) => $"{options.Path}.{number}{(compressed ? ".gz" : "")}";

    private static void Move(string from, string to)
    {
        if (File.Exists(from))
            File.Move(from, to, overwrite: true);
    }
}
