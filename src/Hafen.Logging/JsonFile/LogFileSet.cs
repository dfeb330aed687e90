using Hafen.Linux.FileSystem;

namespace Hafen.Logging.JsonFile;

/// <summary>A log's files on disk: the current one and the rotated ones, <c>path.1</c> the youngest, perhaps gzipped.</summary>
internal sealed class LogFileSet(string path)
{
    private const string Compressed = ".gz";
    private const int Attempts = 10;

    /// <summary>Opens the current file; null when there is none.</summary>
    public LogFile? OpenCurrent() => LogFile.TryOpen(path, compressed: false);

    /// <summary>Opens all files as they stand at one moment: the rotated ones, oldest first, and the current one.</summary>
    public (IReadOnlyList<LogFile> Rotated, LogFile? Current) OpenAll()
    {
        for (int attempt = 1; ; attempt++)
        {
            var current = OpenCurrent();
            List<LogFile> rotated = [];
            foreach (int number in RotatedNumbers())
            {
                if (OpenRotated(number) is { } file) rotated.Add(file);
            }
            // Were the names changed meanwhile, a file may be there twice or not at all.
            if (current is null ? OpenCurrent() is null : NumberOf(current.Identity) == 0) return (rotated, current);
            if (attempt == Attempts) return (rotated, current);
            current?.Dispose();
            foreach (var file in rotated) file.Dispose();
        }
    }

    /// <summary>Number of the uncompressed rotated file that <paramref name="file"/> has become; 0 for the current one, null when it is neither.</summary>
    public int? NumberOf(FileIdentity file)
    {
        if (IdentityOf(path) == file) return 0;
        foreach (int number in RotatedNumbers())
        {
            if (IdentityOf($"{path}.{number}") == file) return number;
        }
        return null;
    }

    /// <summary>Opens a rotated file; null when it is gone.</summary>
    public LogFile? OpenRotated(int number)
        => LogFile.TryOpen($"{path}.{number}", compressed: false) ?? LogFile.TryOpen($"{path}.{number}{Compressed}", compressed: true);

    private static FileIdentity? IdentityOf(string path)
        => FileStatus.TryGet(path, followLinks: true, out var status, out _) ? FileIdentity.Of(status) : null;

    /// <summary>Oldest first.</summary>
    private IEnumerable<int> RotatedNumbers()
    {
        string? folder = Path.GetDirectoryName(path);
        string prefix = Path.GetFileName(path) + ".";
        if (folder is null || !Directory.Exists(folder)) return [];
        var numbers = new SortedSet<int>();
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            var name = Path.GetFileName(file.AsSpan());
            if (!name.StartsWith(prefix)) continue;
            var number = name[prefix.Length..];
            if (number.EndsWith(Compressed)) number = number[..^Compressed.Length];
            if (int.TryParse(number, out int parsed) && parsed > 0) numbers.Add(parsed);
        }
        return numbers.Reverse();
    }
}
