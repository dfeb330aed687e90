namespace Hafen.Volumes.Turns;

/// <summary>
/// The volumes there are, and for each name whose turn it is to change that volume: one at a time, in order of arrival, and whoever waits holds no thread. The lock is held for the look at
/// the table alone and never while anything is called, so what hangs in its turn keeps nobody from the other volumes or the list. Nothing is left of a name that nobody needs any more.
/// </summary>
internal sealed class VolumeTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, VolumeEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>How many names it holds something for.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _entries.Count;
        }
    }

    /// <summary>The volume of that name; null when there is none.</summary>
    public KnownVolume? Find(string name)
    {
        lock (_lock)
            return _entries.GetValueOrDefault(name)?.Known;
    }

    /// <summary>All volumes, in no order.</summary>
    public List<Volume> List()
    {
        lock (_lock)
        {
            List<Volume> all = new(_entries.Count);
            foreach (var entry in _entries.Values)
            {
                if (entry.Known is { } known)
                    all.Add(known.Volume);
            }
            return all;
        }
    }

    /// <summary>Waits for the turn to change the volume of that name, whether there is one or not.</summary>
    public ValueTask<VolumeTurn> EnterAsync(string name, CancellationToken cancellationToken)
    {
        VolumeEntry? entry;
        TaskCompletionSource turn;
        LinkedListNode<TaskCompletionSource> place;
        lock (_lock)
        {
            if (!_entries.TryGetValue(name, out entry))
                _entries.Add(name, entry = new VolumeEntry(name));
            if (!entry.Taken)
            {
                entry.Taken = true;
                return new ValueTask<VolumeTurn>(new VolumeTurn(this, entry));
            }
            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            place = (entry.Waiting ??= []).AddLast(turn);
        }
        return AwaitAsync(entry, turn, place, cancellationToken);
    }

    /// <summary>Counts somebody who uses the volume, without a turn.</summary>
    /// <returns>False when there is no volume of that name, or when it is just being removed.</returns>
    public bool TryAddUser(string name, string user)
    {
        lock (_lock)
        {
            if (_entries.GetValueOrDefault(name) is not { Known: not null, Leaving: false } entry)
                return false;
            (entry.Users ??= NoUsers()).Add(user);
            return true;
        }
    }

    /// <summary>Forgets somebody who used the volume.</summary>
    /// <returns>Whether that was the last one.</returns>
    public bool RemoveUser(string name, string user)
    {
        lock (_lock)
            return _entries.TryGetValue(name, out var entry) && Remove(entry, user);
    }

    internal KnownVolume? Known(VolumeEntry entry)
    {
        lock (_lock)
            return entry.Known;
    }

    internal bool HasUsers(VolumeEntry entry)
    {
        lock (_lock)
            return entry.Users is not null;
    }

    internal void Appear(VolumeEntry entry, KnownVolume known)
    {
        lock (_lock)
            entry.Known = known;
    }

    internal bool AddUser(VolumeEntry entry, string user)
    {
        lock (_lock)
            return (entry.Users ??= NoUsers()).Add(user);
    }

    internal bool RemoveUser(VolumeEntry entry, string user)
    {
        lock (_lock)
            return Remove(entry, user);
    }

    internal IReadOnlyList<string>? BeginRemoval(VolumeEntry entry)
    {
        lock (_lock)
        {
            if (entry.Users is { } users)
                return [.. users];
            entry.Leaving = true;
            return null;
        }
    }

    internal void GiveUpRemoval(VolumeEntry entry)
    {
        lock (_lock)
            entry.Leaving = false;
    }

    internal void Disappear(VolumeEntry entry)
    {
        lock (_lock)
        {
            entry.Known = null;
            entry.Leaving = false;
        }
    }

    internal void Leave(VolumeEntry entry)
    {
        TaskCompletionSource? next = null;
        lock (_lock)
        {
            if (entry.Waiting?.First is { } first)
            {
                next = first.Value;
                entry.Waiting.RemoveFirst();
            }
            else
            {
                entry.Taken = false;
                if (entry.Known is null)
                    _entries.Remove(entry.Name);
            }
        }
        next?.SetResult();
    }

    private async ValueTask<VolumeTurn> AwaitAsync(
        VolumeEntry entry, TaskCompletionSource turn, LinkedListNode<TaskCompletionSource> place, CancellationToken cancellationToken)
    {
        try
        {
            await turn.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            bool granted;
            lock (_lock)
            {
                granted = place.List is null;
                if (!granted)
                    entry.Waiting!.Remove(place);
            }
            if (granted)
                Leave(entry);
            throw;
        }
        return new VolumeTurn(this, entry);
    }

    private static bool Remove(VolumeEntry entry, string user)
    {
        if (entry.Users is not { } users || !users.Remove(user) || users.Count > 0)
            return false;
        entry.Users = null;
        return true;
    }

    private static HashSet<string> NoUsers() => new(StringComparer.Ordinal);
}
