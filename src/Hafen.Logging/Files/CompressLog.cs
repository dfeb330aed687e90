using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace Hafen.Logging.Files;

/// <summary>
/// Body of the process that compresses one rotated log file: its time and its memory are not the monitor's. It is given open files and no names, because
/// the names move on with each rotation.
/// </summary>
public static class CompressLog
{
    /// <summary>The descriptor of the plain file in that process.</summary>
    public const int Source = 3;

    /// <summary>The descriptor of the compressed file in that process.</summary>
    public const int Target = 4;

    /// <summary>Compresses; both descriptors are closed afterwards.</summary>
    /// <returns>Exit code: 0 when the target is whole.</returns>
    public static int Run(int source, int target)
    {
        try
        {
            using var from = new FileStream(new SafeFileHandle(source, ownsHandle: true), FileAccess.Read, bufferSize: 0);
            using var to = new FileStream(new SafeFileHandle(target, ownsHandle: true), FileAccess.Write, bufferSize: 0);
            using (var compressed = new GZipStream(to, CompressionLevel.Optimal, leaveOpen: true))
                from.CopyTo(compressed);
            return 0;
        }
        catch (IOException)
        {
            // A full disk, most likely: the monitor keeps the plain file.
            return 1;
        }
    }
}
