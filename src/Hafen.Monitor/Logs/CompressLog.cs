using System.IO.Compression;

namespace Hafen.Monitor.Logs;

/// <summary>
/// Body of the process that compresses one rotated log file: it takes as long as it takes, and its memory goes with it. A reader finds either the
/// plain file or a whole compressed one.
/// </summary>
public static class CompressLog
{
    /// <summary>Replaces <paramref name="path"/> by <c>path.gz</c>.</summary>
    public static void Run(string path)
    {
        var part = path + ".gz.part";
        try
        {
            using (var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0))
            using (var target = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            using (var compressed = new GZipStream(target, CompressionLevel.Optimal))
            {
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(target.SafeFileHandle, File.GetUnixFileMode(source.SafeFileHandle));
                source.CopyTo(compressed);
            }
            File.Move(part, path + ".gz", overwrite: true);
            File.Delete(path);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
