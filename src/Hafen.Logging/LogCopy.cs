using System.IO.Pipelines;
using Hafen.Linux.Inotify;
using Hafen.Logging.JsonFile;

namespace Hafen.Logging;

/// <summary>One reading of one log: the state between its files.</summary>
internal sealed class LogCopy : IDisposable
{
    // Large enough that the way to the client costs little for each entry, small enough for the first one to arrive soon.
    private const int FlushSize = 64 * 1024;
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_lookWithoutWatch = TimeSpan.FromMilliseconds(100);

    private readonly LogRequest _request;
    private readonly PipeWriter _output;
    private readonly CancellationToken _cancellationToken;
    private readonly LogFileSet _files;
    private readonly LogEntryWriter _writer;
    private readonly LogLines _lines = new();
    private LogFile? _current;

    /// <summary>There was no file at all at the last look.</summary>
    private bool _nothingYet;
    private long _position;

    public LogCopy(LogRequest request, PipeWriter output, CancellationToken cancellationToken)
    {
        _request = request;
        _output = output;
        _cancellationToken = cancellationToken;
        _files = new LogFileSet(request.Path);
        _writer = new LogEntryWriter(request);
    }

    /// <summary>An entry later than <see cref="LogRequest.Until"/> was met.</summary>
    public bool PastUntil { get; private set; }

    /// <summary>Copies what is there now.</summary>
    public async Task CopyExistingAsync()
    {
        (var rotated, _current) = _files.OpenAll();
        _nothingYet = rotated.Count == 0 && _current is null;
        try
        {
            var (first, skip) = _request.Tail is { } tail ? Locate(rotated, tail) : (0, 0);
            for (int i = first; i < rotated.Count && !PastUntil; i++)
            {
                if (rotated[i].LastWrite >= (_request.Since ?? 0)) await CopyRotatedAsync(rotated[i], skip);
                skip = 0;
            }
        }
        finally
        {
            foreach (var file in rotated) file.Dispose();
        }
        await CopyCurrentAsync();
        if (_request.FollowUntil is null && !PastUntil) TakeRest();
        await FlushAsync();
    }

    /// <summary>Goes on copying until <paramref name="ended"/> has completed and everything has been read.</summary>
    public async Task FollowAsync(Task ended, FolderWatch? watch)
    {
        while (!PastUntil)
        {
            // Asked before reading: what was written before the end is read after it is known.
            bool last = ended.IsCompleted;
            await CopyCurrentAsync();
            while (!PastUntil && await AdvanceAsync()) await CopyCurrentAsync();
            await FlushAsync();
            if (last || PastUntil || UntilIsOver()) break;
            await WaitAsync(ended, watch);
        }
        if (!PastUntil) TakeRest();
        await FlushAsync();
    }

    public void Dispose() => _current?.Dispose();

    /// <summary>
    /// Decides where the last <paramref name="tail"/> lines begin: the first rotated file that holds some of them, and the lines in it to skip.
    /// </summary>
    private (int First, long Skip) Locate(IReadOnlyList<LogFile> rotated, long tail)
    {
        long missing = tail;
        if (_current is not null && tail > 0) _position = LogTail.FindStart(_current, _current.Length, tail, out missing);
        if (_current is not null && tail <= 0) _position = _current.Length;
        int first = rotated.Count;
        while (missing > 0 && first > 0)
        {
            using var content = rotated[--first].Content();
            long count = LogTail.Count(content);
            if (count >= missing) return (first, count - missing);
            missing -= count;
        }
        return (first, 0);
    }

    private async Task CopyRotatedAsync(LogFile file, long skip)
    {
        await using var content = file.Content();
        while (!PastUntil)
        {
            int read;
            try
            {
                read = content.Read(_lines.Free());
            }
            catch (InvalidDataException)
            {
                // A broken gzip file: what could be unpacked has been copied.
                break;
            }
            if (read == 0) break;
            _lines.Added(read);
            while (skip > 0 && _lines.TryTake(out _)) skip--;
            await TakeLinesAsync();
        }
        if (!PastUntil && skip == 0) TakeRest();
        _lines.Clear();
    }

    private async Task CopyCurrentAsync()
    {
        if (_current is null) await OpenCurrentAsync();
        if (_current is null) return;
        while (!PastUntil)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            int read = _current.Read(_lines.Free(), _position);
            if (read == 0)
            {
                if (_current.Length >= _position) return;
                // Somebody emptied the file in place; the writer appends from the new end.
                _position = 0;
                _lines.Clear();
                continue;
            }
            _position += read;
            _lines.Added(read);
            await TakeLinesAsync();
        }
    }

    private async Task OpenCurrentAsync()
    {
        if (!_nothingYet)
        {
            _current = _files.OpenCurrent();
            return;
        }
        // The first files may have been rotated away already before anybody looked again.
        (var rotated, _current) = _files.OpenAll();
        _nothingYet = rotated.Count == 0 && _current is null;
        try
        {
            foreach (var file in rotated) await CopyRotatedAsync(file, skip: 0);
        }
        finally
        {
            foreach (var file in rotated) file.Dispose();
        }
    }

    /// <summary>Goes to the next younger file when the open one was rotated away; false while it is still the current one.</summary>
    private async ValueTask<bool> AdvanceAsync()
    {
        if (_current is null) return false;
        // Null: compressed or removed since. It was read to its end while it was open, and the youngest file follows.
        int number = _files.NumberOf(_current.Identity) ?? 1;
        if (number == 0) return false;
        var younger = number == 1 ? _files.OpenCurrent() : _files.OpenRotated(number - 1);
        if (younger is null) return false;
        // The writer finished the file before it renamed it, so one more look finds its true end.
        await CopyCurrentAsync();
        if (!PastUntil) TakeRest();
        _current.Dispose();
        _current = younger;
        _position = 0;
        return true;
    }

    private async ValueTask TakeLinesAsync()
    {
        while (TakeSome()) await FlushAsync();
    }

    /// <summary>Writes lines until a flush is due (true) or none is left (false).</summary>
    private bool TakeSome()
    {
        while (!PastUntil && _lines.TryTake(out var line))
        {
            Write(line);
            if (_writer.Count >= FlushSize) return true;
        }
        return false;
    }

    /// <summary>A last line without an end is an entry too, if it is whole.</summary>
    private void TakeRest()
    {
        if (!_lines.Rest.IsEmpty) Write(_lines.Rest);
        _lines.Clear();
    }

    private void Write(ReadOnlySpan<byte> line)
    {
        if (!LogEntryParser.TryParse(line, out var entry)) return;
        if (_request.Since is not null || _request.Until is not null)
        {
            if (!LogTime.TryParse(entry.Time, out long time) || time < _request.Since) return;
            if (time > _request.Until)
            {
                PastUntil = true;
                return;
            }
        }
        _writer.Write(entry);
    }

    private async ValueTask FlushAsync()
    {
        if (_writer.Count == 0) return;
        var flushed = await _output.WriteAsync(_writer.Written, _cancellationToken);
        _writer.Clear();
        if (flushed.IsCompleted) throw new OperationCanceledException("the reader of the log is gone", _cancellationToken);
    }

    private bool UntilIsOver() => _request.Until is { } until && Now() > until;

    private static long Now() => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) * 100;

    private async Task WaitAsync(Task ended, FolderWatch? watch)
    {
        // The clock is there for what inotify does not see: a write through another mount, a folder that is gone, the end of "until".
        var limit = watch is null ? s_lookWithoutWatch : s_lookAgain;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken);
        var clock = Task.Delay(limit, over.Token);
        await (watch is null ? Task.WhenAny(ended, clock) : Task.WhenAny(ended, watch.ChangedAsync(), clock));
        await over.CancelAsync();
        _cancellationToken.ThrowIfCancellationRequested();
    }
}
