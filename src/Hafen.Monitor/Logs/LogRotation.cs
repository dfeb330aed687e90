using Hafen.Monitor.Protocol;

namespace Hafen.Monitor.Logs;

/// <summary>
/// Moves a full log file out of the way: <c>x</c> becomes <c>x.1</c>, <c>x.1</c> becomes <c>x.2</c>, the oldest goes. With compression a rotated file
/// becomes <c>x.N.gz</c> as soon as another process has compressed it, the youngest first. Rotation never waits for that: a file that is not
/// compressed yet moves on as it is, so that the log keeps its size and the container its speed (decision 0085). The compressed content is written under a
/// name of its own, and only here it gets its place; so whatever ends that process, a reader finds either the plain file or a whole compressed one.
/// </summary>
/// <param name="options">The log's limits.</param>
/// <param name="compressor">Compresses rotated files.</param>
public sealed class LogRotation(MonitorLog options, ILogCompressor compressor)
{
    /// <summary>Present number of the file that is being compressed; 0 for none, beyond the last when it has been removed meanwhile.</summary>
    private int _number;
    private bool _stopped;

    /// <summary>Whether a file is being compressed.</summary>
    public bool Busy => _number != 0;

    /// <summary>Called when nothing is being compressed any more and nothing is left to be.</summary>
    public Action? Settled { get; set; }

    private bool Compresses => options.Compress && options.MaxFiles > 1;

    private string Part => options.Path + ".gz.part";

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
        if (_number == options.MaxFiles - 1)
        {
            _number = options.MaxFiles;
            compressor.Cancel();
        }
        for (var number = options.MaxFiles - 2; number >= 1; number--)
        {
            Move(Name(number, compressed: true), Name(number + 1, compressed: true));
            Move(Name(number, compressed: false), Name(number + 1, compressed: false));
            if (_number == number)
                _number++;
        }
        Move(path, Name(1, compressed: false));
    }

    /// <summary>Compresses the youngest plain file unless one is being compressed already.</summary>
    public void CompressNext()
    {
        if (!Compresses || _stopped || Busy)
            return;
        for (var number = 1; number < options.MaxFiles; number++)
        {
            var plain = Name(number, compressed: false);
            if (!File.Exists(plain))
                continue;
            if (File.Exists(Name(number, compressed: true)))
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
        compressor.Cancel();
        _number = 0;
        Try(() => File.Delete(Part));
    }

    private bool Start(string plain)
    {
        using var source = File.OpenHandle(plain, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var target = File.OpenHandle(Part, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        File.SetUnixFileMode(target, File.GetUnixFileMode(source));
        return compressor.Start((int)source.DangerousGetHandle(), (int)target.DangerousGetHandle(), Finished);
    }

    private void Finished(bool whole)
    {
        if (_stopped)
            return;
        var number = _number;
        _number = 0;
        Try(() =>
        {
            if (whole && number < options.MaxFiles)
                Place(number);

            // A failure is not tried again before the next rotation: most likely the disk is full.
            if (whole || number >= options.MaxFiles)
                CompressNext();
        });
        if (Busy)
            return;
        Try(() => File.Delete(Part));
        Settled?.Invoke();
    }

    private void Place(int number)
    {
        var plain = Name(number, compressed: false);
        if (!File.Exists(plain))
            return;

        // As gzip has it; a reader that wants only what is younger passes the file over.
        File.SetLastWriteTimeUtc(Part, File.GetLastWriteTimeUtc(plain));
        File.Move(Part, Name(number, compressed: true), overwrite: true);
        File.Delete(plain);
    }

    private string Name(int number, bool compressed) => $"{options.Path}.{number}{(compressed ? ".gz" : "")}";

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
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
        }
    }
}
