namespace Hafen.Linux.Inotify;

/// <summary>Tells when something in a folder is written, made, renamed or removed (inotify(7)). Changes between two waits count as one.</summary>
public sealed class FolderWatch : IDisposable
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiter;
    private bool _changed;

    private FolderWatch(int number) => Number = number;

    /// <summary>The kernel's number of the watch.</summary>
    internal int Number { get; }

    /// <exception cref="LinuxException">ENOENT, or ENOSPC when the user's limit of watches is reached.</exception>
    public static FolderWatch Open(string folder) => WatchQueue.Shared.Add(folder, static number => new FolderWatch(number));

    /// <summary>Completes at the next change, at once when there was one since the last wait. One waiter at a time.</summary>
    public Task ChangedAsync()
    {
        lock (_gate)
        {
            if (_changed)
            {
                _changed = false;
                return Task.CompletedTask;
            }
            _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiter.Task;
        }
    }

    public void Dispose() => WatchQueue.Shared.Remove(this);

    internal void Report()
    {
        TaskCompletionSource? waiter;
        lock (_gate)
        {
            waiter = _waiter;
            _waiter = null;
            _changed = waiter is null;
        }
        waiter?.SetResult();
    }
}
