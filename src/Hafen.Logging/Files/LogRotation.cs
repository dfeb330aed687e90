using Hafen.Logging.Writers;

namespace Hafen.Logging.Files;

/// <summary>
/// Moves a full log file out of the way: <c>x</c> becomes <c>x.1</c>, <c>x.1</c> becomes <c>x.2</c>, the oldest goes. With compression a rotated file
/// becomes <c>x.N.gz</c> as soon as another process has compressed it, the youngest first. Rotation never waits for that: a file that is not
/// compressed yet moves on as it is, so that the log keeps its size and the container its speed (decision 0085). The compressed content is written under a
/// name of its own, and only here it gets its place; so whatever ends that process, a reader finds either the plain file or a whole compressed one.
/// </summary>
/// <param name="names">The log's files.</param>
/// <param name="limits">How large they become, and how many they are.</param>
/// <param name="host">Compresses rotated files.</param>
internal sealed class LogRotation(LogFileNames names, LogTarget limits, ILogHost host)
{
    /// <summary>Present number of the file that is being compressed; 0 for none, beyond the last when it has been removed meanwhile.</summary>
    private int _number;
    private bool _stopped;

    /// <summary>Whether a file is being compressed.</summary>
    public bool Busy => _number != 0;

    /// <summary>Called when nothing is being compressed any more and nothing is left to be.</summary>
    public Action? Settled { get; set; }

    private bool Compresses => limits.Compress && limits.MaxFiles > 1;

    /// <summary>Frees the log's own name. The log must be closed.</summary>
    public void Rotate()
    {
        if (limits.MaxFiles < 2)
        {
            File.Delete(names.Current);
            return;
        }
        File.Delete(names.Rotated(limits.MaxFiles - 1, compressed: false));
        File.Delete(names.Rotated(limits.MaxFiles - 1, compressed: true));
        if (_number == limits.MaxFiles - 1)
        {
            _number = limits.MaxFiles;
            host.CancelCompression();
        }
        for (int number = limits.MaxFiles - 2; number >= 1; number--)
        {
            Move(names.Rotated(number, compressed: true), names.Rotated(number + 1, compressed: true));
            Move(names.Rotated(number, compressed: false), names.Rotated(number + 1, compressed: false));
            if (_number == number)
                _number++;
        }
        Move(names.Current, names.Rotated(1, compressed: false));
    }

    /// <summary>Compresses the youngest plain file unless one is being compressed already.</summary>
    public void CompressNext()
    {
        if (!Compresses || _stopped || Busy)
            return;
        for (int number = 1; number < limits.MaxFiles; number++)
        {
            string plain = names.Rotated(number, compressed: false);
            if (!File.Exists(plain))
                continue;
            if (File.Exists(names.Rotated(number, compressed: true)))
            {
                // The monitor before this one was ended between the two steps.
                File.Delete(plain);
                continue;
            }
            if (Start(plain))
                _number = number;
            return;
        }
    }

    /// <summary>Gives up what is being compressed: its file stays as it is.</summary>
    public void Stop()
    {
        _stopped = true;
        if (!Busy)
            return;
        host.CancelCompression();
        _number = 0;
        Try(() => File.Delete(names.Part));
    }

    private bool Start(string plain)
    {
        using var source = File.OpenHandle(plain, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var target = File.OpenHandle(names.Part, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        File.SetUnixFileMode(target, File.GetUnixFileMode(source));
        return host.Compress((int)source.DangerousGetHandle(), (int)target.DangerousGetHandle(), Finished);
    }

    private void Finished(bool whole)
    {
        if (_stopped)
            return;
        int number = _number;
        _number = 0;
        Try(() =>
        {
            if (whole && number < limits.MaxFiles)
                Place(number);

            // A failure is not tried again before the next rotation: most likely the disk is full.
            if (whole || number >= limits.MaxFiles)
                CompressNext();
        });
        if (Busy)
            return;
        Try(() => File.Delete(names.Part));
        Settled?.Invoke();
    }

    private void Place(int number)
    {
        string plain = names.Rotated(number, compressed: false);
        if (!File.Exists(plain))
            return;

        // As gzip has it; a reader that wants only what is younger passes the file over.
        File.SetLastWriteTimeUtc(names.Part, File.GetLastWriteTimeUtc(plain));
        File.Move(names.Part, names.Rotated(number, compressed: true), overwrite: true);
        File.Delete(plain);
    }

    private static void Move(string from, string to)
    {
        if (File.Exists(from))
            File.Move(from, to, overwrite: true);
    }

    /// <summary>What fails leaves the plain file, which is rotated away as it is.</summary>
    private static void Try(Action step)
    {
        try
        {
            step();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
