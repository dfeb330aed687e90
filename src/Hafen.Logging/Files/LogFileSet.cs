using System.Globalization;
using Hafen.Linux.FileSystem;

namespace Hafen.Logging.Files;

/// <summary>The files of a log as they are on disk, while a <see cref="LogRotation"/> in another process may move them.</summary>
internal sealed class LogFileSet(LogFileNames names)
{
    private const int MaxDigits = 4;
    private const int Attempts = 5;

    /// <summary>Whether the log's own name is that of <paramref name="file"/>.</summary>
    public bool IsCurrent(FileIdentity file) => IsNamed(names.Current, file);

    /// <summary>Opens the log itself if <paramref name="file"/> is the one right before it; null when that cannot be said.</summary>
    public LogFile? OpenNext(FileIdentity file)
    {
        string youngest = names.Rotated(1, compressed: false);
        if (!IsNamed(youngest, file) || LogFile.TryOpen(names.Current, 0, compressed: false) is not { } next)
            return null;
        // Did the names move on meanwhile, there may be one between the two.
        if (IsNamed(youngest, file))
            return next;
        next.Dispose();
        return null;
    }

    /// <summary>
    /// Opens all files, the oldest first, while the writer may go on rotating. The names are gone through from the youngest on: a rotation moves a file to the
    /// next number, so each is met at its number or at a later one, once or more often, but never passed by.
    /// </summary>
    public List<LogFile> OpenAll()
    {
        for (int attempt = 1; ; attempt++)
        {
            var files = new List<LogFile>();
            try
            {
                bool quiet = OpenAll(files);
                if (quiet || attempt == Attempts)
                    return files;
            }
            catch
            {
                Dispose(files);
                throw;
            }
            Dispose(files);
        }
    }

    /// <summary>Place of <paramref name="file"/>, or of what it has become, in a list of open files; -1 when it has been removed.</summary>
    public static int Find(List<LogFile> files, LogFile file)
    {
        int same = files.FindIndex(f => f.Identity == file.Identity);
        return same >= 0 || file.Compressed ? same : files.FindIndex(f => f.Compressed && f.IsLike(file));
    }

    private static bool IsNamed(string path, FileIdentity file)
        => FileStatus.TryGet(path, followLinks: true, out var status, out _) && FileIdentity.Of(status) == file;

    /// <summary>Closes the oldest files of a list and takes them out; all without a number.</summary>
    public static void Dispose(List<LogFile> files, int? count = null)
    {
        int end = count ?? files.Count;
        for (int i = 0; i < end; i++)
            files[i].Dispose();
        files.RemoveRange(0, end);
    }

    /// <summary>One way through the names; false when a younger file has come meanwhile.</summary>
    private bool OpenAll(List<LogFile> files)
    {
        var current = LogFile.TryOpen(names.Current, 0, compressed: false);
        if (current is not null)
            files.Add(current);
        // One number is free while a rotation is under way, so the first free one is not the end.
        for (int number = 1, last = LastNumber(); number <= last + 2; number++)
        {
            var file = LogFile.TryOpen(names.Rotated(number, compressed: false), number, compressed: false)
                ?? LogFile.TryOpen(names.Rotated(number, compressed: true), number, compressed: true);
            if (file is null)
                continue;
            last = Math.Max(last, number);
            if (Known(files, file) is { } known)
            {
                // What was met since then is younger: it has come to a lower number meanwhile.
                file.Dispose();
                files.Remove(known);
                file = known;
            }
            files.Add(file);
        }
        files.Reverse();
        return current is null ? !FileStatus.TryGet(names.Current, followLinks: true, out _, out _) : IsCurrent(current.Identity);
    }

    /// <summary>The file if it has been met at a lower number, as it is now or, in the moment before it was compressed, as it was.</summary>
    private static LogFile? Known(List<LogFile> files, LogFile file)
        => files.Find(f => f.Identity == file.Identity || (file.Compressed && !f.Compressed && f.IsLike(file)));

    /// <summary>The highest number in use. All below are tried: while names change, a listing may leave some out.</summary>
    private int LastNumber()
    {
        string prefix = Path.GetFileName(names.Current) + ".";
        int last = 0;
        try
        {
            foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(names.Current)!))
            {
                var name = Path.GetFileName(file.AsSpan());
                if (!name.StartsWith(prefix))
                    continue;
                var digits = name[prefix.Length..];
                if (digits.EndsWith(LogFileNames.CompressedEnd))
                    digits = digits[..^LogFileNames.CompressedEnd.Length];
                // Somebody's own copy may be named by a date: no writer counts that far.
                if (digits.Length <= MaxDigits && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                    last = Math.Max(last, number);
            }
        }
        catch (DirectoryNotFoundException)
        {
            // The container is being removed.
        }
        return last;
    }
}
