using System.Buffers;
using System.IO.Pipelines;
using Hafen.Linux.Inotify;
using Hafen.Logging.Files;
using Hafen.Logging.Readers;

namespace Hafen.Logging.JsonFile;

/// <summary>
/// One reading of one log: the state between its files. While it waits, for the log or for its client, it holds an open file and a place in it and no
/// buffer: what was read ahead is read again (decision 0086).
/// </summary>
internal sealed class JsonFileCopy : IDisposable
{
    // Large enough that the way to the client costs little for each entry, small enough for the first one to arrive soon.
    private const int FlushSize = 32 * 1024;
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_lookWithoutWatch = TimeSpan.FromMilliseconds(100);

    // The clock of a file system's times goes in steps of some milliseconds.
    private const long TimeStep = 1_000_000_000;

    private readonly LogRequest _request;
    private readonly PipeWriter _output;
    private readonly CancellationToken _cancellationToken;
    private readonly LogFileSet _files;
    private readonly LogEntryWriter _writer;
    private readonly LogLines _lines = new();

    /// <summary>The youngest file that has been read so far; null when there has been none.</summary>
    private LogFile? _current;

    /// <summary>How much of a plain file has been read.</summary>
    private long _position;

    /// <summary>Entries up to this time have been read already.</summary>
    private long? _known;

    public JsonFileCopy(string path, LogRequest request, PipeWriter output, CancellationToken cancellationToken)
    {
        _request = request;
        _output = output;
        _cancellationToken = cancellationToken;
        _files = new LogFileSet(new LogFileNames(path));
        _writer = new LogEntryWriter(request);
    }

    /// <summary>An entry later than <see cref="LogRequest.Until"/> was met.</summary>
    public bool PastUntil { get; private set; }

    /// <summary>Copies what is there now.</summary>
    public async Task CopyExistingAsync()
    {
        var files = _files.OpenAll();
        try
        {
            var start = _request.Tail is { } tail ? LogTail.Locate(files, tail) : default;
            LogFileSet.Dispose(files, start.File);
            await CopyFilesAsync(files, start.Offset, start.Skip);
        }
        finally
        {
            LogFileSet.Dispose(files);
        }
        if (_request.FollowUntil is null && !PastUntil)
            TakeRest();
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
            while (!PastUntil && await AdvanceAsync())
                await CopyCurrentAsync();
            bool over = last || PastUntil || UntilIsOver();
            if (over && !PastUntil)
                TakeRest();
            await FlushAsync();
            if (over)
                return;
            await WaitAsync(ended, watch);
        }
    }

    public void Dispose()
    {
        _current?.Dispose();
        _lines.Dispose();
        _writer.Dispose();
    }

    /// <summary>Copies files, the oldest first, and stays at the last one. Each is taken out of the list when it is begun.</summary>
    private async Task CopyFilesAsync(List<LogFile> files, long offset = 0, long skip = 0)
    {
        while (files.Count > 0 && !PastUntil)
        {
            bool last = files.Count == 1;
            _current?.Dispose();
            _current = files[0];
            files.RemoveAt(0);
            _position = offset;
            offset = 0;
            if (last || _current.LastWrite + TimeStep >= (_request.Since ?? 0))
            {
                if (_current.Compressed)
                    await CopyCompressedAsync(_current, skip);
                else
                    await CopyCurrentAsync();
                // Nothing more comes in a rotated file. The last one may only just have become one.
                if (!last && !PastUntil)
                    TakeRest();
            }
            skip = 0;
        }
    }

    private async Task CopyCompressedAsync(LogFile file, long skip)
    {
        await using var content = file.Content();
        while (!PastUntil)
        {
            _cancellationToken.ThrowIfCancellationRequested();
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
            if (read == 0)
                break;
            _lines.Added(read);
            while (skip > 0 && _lines.TryTake(out _))
                skip--;
            while (TakeSome())
                await FlushAsync(rewind: false);
        }
        if (!PastUntil && skip == 0)
            TakeRest();
        _lines.Clear();
    }

    private async Task CopyCurrentAsync()
    {
        if (_current is not { Compressed: false } file)
            return;
        while (!PastUntil)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            int read = file.Read(_lines.Free(), _position);
            if (read == 0)
            {
                if (file.Length >= _position)
                    return;
                // Somebody emptied the file in place; the writer appends from the new end.
                _position = 0;
                _lines.Clear();
                continue;
            }
            _position += read;
            _lines.Added(read);
            while (TakeSome())
                await FlushAsync();
        }
    }

    /// <summary>Goes on to what is younger than the open file, if that is not the log itself any more; false when there is nothing.</summary>
    private async ValueTask<bool> AdvanceAsync()
    {
        if (_current is not null && _files.IsCurrent(_current.Identity))
            return false;
        var files = OpenYounger();
        try
        {
            if (files.Count == 0)
                return false;
            // The writer finished the file before it renamed it, so one more look finds its true end.
            await CopyCurrentAsync();
            if (!PastUntil)
                TakeRest();
            if (PastUntil)
                return false;
            await CopyFilesAsync(files);
            _known = null;
            return true;
        }
        finally
        {
            LogFileSet.Dispose(files);
        }
    }

    private List<LogFile> OpenYounger()
    {
        if (_current is null)
            return _files.OpenAll();
        if (_files.OpenNext(_current.Identity) is { } next)
            return [next];
        var files = _files.OpenAll();
        int found = LogFileSet.Find(files, _current);
        if (found >= 0)
        {
            LogFileSet.Dispose(files, found + 1);
        }
        else if (!_current.Compressed)
        {
            // Overtaken by the writer, or removed by somebody else: then files that are older may still be there.
            _known = LastTime();
            if (_known is null && files.Count > 0)
                LogFileSet.Dispose(files, files.Count - 1);
        }
        return files;
    }

    /// <summary>Time of the open file's last entry; null when it has none that can be read.</summary>
    private long? LastTime()
    {
        if (_current is not { Compressed: false } file)
            return null;
        long length = file.Length;
        long start = LogTail.FindStart(file, length, 1, out _);
        if (length - start is <= 0 or > 1024 * 1024)
            return null;
        byte[] line = ArrayPool<byte>.Shared.Rent((int)(length - start));
        int read = file.Read(line.AsSpan(0, (int)(length - start)), start);
        long? last = LogEntryParser.TryParse(line.AsSpan(0, read).TrimEnd((byte)'\n'), out var entry) && LogTime.TryParse(entry.Time, out long time) ? time : null;
        ArrayPool<byte>.Shared.Return(line);
        return last;
    }

    /// <summary>Writes lines until a flush is due (true) or none is left (false).</summary>
    private bool TakeSome()
    {
        while (!PastUntil && _lines.TryTake(out var line))
        {
            Write(line);
            if (_writer.Count >= FlushSize)
                return true;
        }
        return false;
    }

    /// <summary>A last line without an end is an entry too, if it is whole.</summary>
    private void TakeRest()
    {
        if (!_lines.Rest.IsEmpty)
            Write(_lines.Rest);
        _lines.Clear();
    }

    private void Write(ReadOnlySpan<byte> line)
    {
        if (!LogEntryParser.TryParse(line, out var entry))
            return;
        if (_request.Since is not null || _request.Until is not null || _known is not null)
        {
            if (!LogTime.TryParse(entry.Time, out long time) || time < _request.Since || time <= _known)
                return;
            if (time > _request.Until)
            {
                PastUntil = true;
                return;
            }
        }
        _writer.Write(entry);
    }

    /// <summary>Passes on what has been written. A client that makes it wait costs no memory here meanwhile.</summary>
    /// <param name="rewind">What was read ahead can be read again.</param>
    private ValueTask FlushAsync(bool rewind = true)
    {
        if (_writer.Count == 0)
            return ValueTask.CompletedTask;
        _output.Write(_writer.Written.Span);
        _writer.Clear();
        var flush = _output.FlushAsync(_cancellationToken);
        if (flush.IsCompletedSuccessfully)
        {
            Check(flush.Result);
            return ValueTask.CompletedTask;
        }
        if (rewind)
            _position -= _lines.Release();
        return AwaitAsync(flush);

        async ValueTask AwaitAsync(ValueTask<FlushResult> pending) => Check(await pending);
    }

    private void Check(FlushResult flushed)
    {
        if (flushed.IsCompleted)
            throw new OperationCanceledException("the reader of the log is gone", _cancellationToken);
    }

    private bool UntilIsOver() => _request.Until is { } until && Now() > until;

    private static long Now() => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) * 100;

    private async Task WaitAsync(Task ended, FolderWatch? watch)
    {
        if (_current is { Compressed: false })
            _position -= _lines.Release();
        // The clock is there for what inotify does not see: a folder that is gone, the end of "until".
        var limit = watch is null ? s_lookWithoutWatch : s_lookAgain;
        if (_request.Until is { } until)
            limit = TimeSpan.FromTicks(Math.Clamp((until - Now()) / 100 + TimeSpan.TicksPerMillisecond, 0, limit.Ticks));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken);
        var clock = Task.Delay(limit, over.Token);
        await (watch is null ? Task.WhenAny(ended, clock) : Task.WhenAny(ended, watch.ChangedAsync(), clock));
        await over.CancelAsync();
        _cancellationToken.ThrowIfCancellationRequested();
    }
}
