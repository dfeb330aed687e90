using Hafen.Errors;
using Hafen.Volumes.Drivers;
using Hafen.Volumes.State;
using Hafen.Volumes.Turns;

namespace Hafen.Volumes;

/// <summary>The volumes below <c>&lt;root&gt;/volumes</c>: which there are, who uses them, and which driver is called for them in their turns.</summary>
public sealed partial class VolumeStore : IVolumes
{
    private readonly VolumeFolders _folders;
    private readonly IReadOnlyList<IVolumeDriver> _drivers;
    private readonly TimeProvider _clock;
    private readonly VolumeTable _table = new();
    private readonly List<string> _warnings = [];
    // Their folders are of a later release. Filled when the store opens.
    private readonly HashSet<string> _leftAlone = new(StringComparer.Ordinal);

    private VolumeStore(VolumeFolders folders, IReadOnlyList<IVolumeDriver> drivers, TimeProvider clock)
    {
        _folders = folders;
        _drivers = drivers;
        _clock = clock;
        Drivers = [.. drivers.Select(driver => driver.Name)];
    }

    public IReadOnlyList<string> Drivers { get; }

    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>How many names something is held for: no more than there are volumes, while nothing is under way.</summary>
    internal int NamesHeld => _table.Count;

    public Volume? Find(string name) => _table.Find(name)?.Volume;

    public IReadOnlyList<Volume> List()
    {
        var all = _table.List();
        all.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return all;
    }

    public ValueTask<Volume> CreateAsync(
        string? name, string? driver, IReadOnlyDictionary<string, string>? options, IReadOnlyDictionary<string, string>? labels, CancellationToken cancellationToken)
    {
        bool anonymous = string.IsNullOrEmpty(name);
        string id = anonymous ? VolumeNames.Random() : name!;
        bool any = string.IsNullOrEmpty(driver);
        var chosen = any ? _table.Find(id)?.Driver ?? _drivers[0] : DriverOf(driver!)
            ?? throw new VolumeException(ErrorKind.NotFound, $"create {id}: error looking up volume plugin {driver}: plugin \"{driver}\" not found");
        VolumeNames.Require(id);
        Dictionary<string, string> own = new(options ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        chosen.Check(id, own);
        Dictionary<string, string> marks = new(labels ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        if (anonymous)
            marks[Volume.AnonymousLabel] = "";
        var wanted = new Volume
        {
            Name = id,
            Driver = chosen.Name,
            Scope = chosen.Scope,
            Mountpoint = chosen.Path(id),
            CreatedAt = _clock.GetUtcNow(),
            Options = own,
            Labels = marks,
        };
        return LeaveableAsync(MakeAsync(wanted, chosen, any, cancellationToken), cancellationToken);
    }

    public async ValueTask HoldAsync(string name, string user, CancellationToken cancellationToken)
    {
        if (_table.TryAddUser(name, user))
            return;
        // It is being made or removed: what comes of that counts.
        using var turn = await _table.EnterAsync(name, cancellationToken);
        if (turn.Known is null)
            throw Missing(name);
        turn.AddUser(user);
    }

    public async ValueTask<string> MountAsync(string name, string user, CancellationToken cancellationToken)
    {
        var turn = await _table.EnterAsync(name, cancellationToken);
        bool added = false, handedOver = false;
        try
        {
            var known = turn.Known ?? throw Missing(name);
            added = turn.AddUser(user);
            var mounting = known.Require().MountAsync(known.Volume, cancellationToken);
            if (mounting.IsCompleted || !cancellationToken.CanBeCanceled)
                return await mounting;
            handedOver = true;
            return await FinishAsync(turn, mounting).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (added && cancellationToken.IsCancellationRequested)
        {
            // Nobody would ever unmount what the driver may still mount. That is done in a turn of its own, after the one that is under way.
            if (_table.RemoveUser(name, user))
                _ = IgnoreAsync(UnmountAsync(name));
            throw;
        }
        finally
        {
            if (!handedOver)
                turn.Dispose();
        }
    }

    public ValueTask UnmountAsync(string name, string user, CancellationToken cancellationToken)
        => _table.RemoveUser(name, user) ? LeaveableAsync(UnmountAsync(name), cancellationToken) : ValueTask.CompletedTask;

    public ValueTask PopulateAsync(string name, IReadOnlyList<string> layers, string path, CancellationToken cancellationToken)
        => LeaveableAsync(FillAsync(name, layers, path, cancellationToken), cancellationToken);

    public ValueTask RemoveAsync(string name, CancellationToken cancellationToken)
        => LeaveableAsync(TakeAwayAsync(name, cancellationToken), cancellationToken);

    public ValueTask<long?> UsageAsync(string name, CancellationToken cancellationToken)
    {
        var known = _table.Find(name) ?? throw Missing(name);
        return known.Driver is { } driver ? LeaveableAsync(driver.UsageAsync(known.Volume, cancellationToken), cancellationToken) : default;
    }

    private async ValueTask<Volume> MakeAsync(Volume wanted, IVolumeDriver driver, bool anyDriver, CancellationToken cancellationToken)
    {
        using var turn = await _table.EnterAsync(wanted.Name, cancellationToken);
        // Somebody may have put a folder there by hand meanwhile, a backup for example, or have made it on another host: that is the volume then.
        if ((turn.Known ?? await FoundAsync(turn, wanted.Name, driver, cancellationToken)) is { } known)
        {
            return anyDriver || known.Volume.Driver == driver.Name ? known.Volume : throw new VolumeException(
                ErrorKind.Conflict, $"create {wanted.Name}: driver '{known.Volume.Driver}' already has volume '{wanted.Name}': volume name must be unique");
        }

        bool made = false;
        _folders.Make(wanted.Name);
        try
        {
            var making = driver.CreateAsync(wanted, cancellationToken);
            bool waited = !making.IsCompleted;
            await making;
            made = true;
            if (waited)
                cancellationToken.ThrowIfCancellationRequested();
            _folders.Write(new VolumeRecord
            {
                Version = VolumeRecord.CurrentVersion,
                Name = wanted.Name,
                Driver = wanted.Driver,
                CreatedAt = wanted.CreatedAt,
                Options = wanted.Options.Count > 0 ? new Dictionary<string, string>(wanted.Options, StringComparer.Ordinal) : null,
                Labels = new Dictionary<string, string>(wanted.Labels, StringComparer.Ordinal),
            });
        }
        catch
        {
            if (made)
                await IgnoreAsync(driver.RemoveAsync(wanted, CancellationToken.None));
            _folders.Discard(wanted.Name);
            throw;
        }
        turn.Appear(new KnownVolume(wanted, driver));
        return wanted;
    }

    /// <summary>Keeps the turn until the driver is done, whether the caller still waits or not.</summary>
    private static async Task<string> FinishAsync(VolumeTurn turn, ValueTask<string> mounting)
    {
        using (turn)
            return await mounting;
    }

    private async ValueTask UnmountAsync(string name)
    {
        using var turn = await _table.EnterAsync(name, CancellationToken.None);
        // Somebody else may have come meanwhile, or the volume may be gone.
        if (turn.Known is { Driver: { } driver, Volume: var volume } && !turn.HasUsers)
            await driver.UnmountAsync(volume, CancellationToken.None);
    }

    private async ValueTask FillAsync(string name, IReadOnlyList<string> layers, string path, CancellationToken cancellationToken)
    {
        using var turn = await _table.EnterAsync(name, cancellationToken);
        var known = turn.Known ?? throw Missing(name);
        await known.Require().PopulateAsync(known.Volume, layers, path, cancellationToken);
    }

    private async ValueTask TakeAwayAsync(string name, CancellationToken cancellationToken)
    {
        using var turn = await _table.EnterAsync(name, cancellationToken);
        var known = turn.Known ?? throw Missing(name);
        if (turn.BeginRemoval() is { } users)
            throw new VolumeException(ErrorKind.Conflict, $"remove {name}: volume is in use - [{string.Join(", ", users)}]");
        string trash;
        try
        {
            await known.Require().RemoveAsync(known.Volume, cancellationToken);
            trash = _folders.Trash(name);
        }
        catch
        {
            turn.GiveUpRemoval();
            throw;
        }
        turn.Disappear();
        _folders.Delete(trash);
    }

    private IVolumeDriver? DriverOf(string name)
    {
        foreach (var driver in _drivers)
        {
            if (driver.Name == name)
                return driver;
        }
        return null;
    }

    private VolumeException Missing(string name)
        => _leftAlone.Contains(name) ? Newer("get", name) : new VolumeException(ErrorKind.NotFound, $"get {name}: no such volume");

    private static VolumeException Newer(string what, string name)
        => new(ErrorKind.Conflict, $"{what} {name}: the volume was written by a later release, which is needed to use it");

    /// <summary>The caller may leave before the end of an operation, which goes on.</summary>
    private static ValueTask LeaveableAsync(ValueTask operation, CancellationToken cancellationToken)
        => operation.IsCompleted || !cancellationToken.CanBeCanceled ? operation : new ValueTask(operation.AsTask().WaitAsync(cancellationToken));

    /// <inheritdoc cref="LeaveableAsync(ValueTask, CancellationToken)"/>
    private static ValueTask<T> LeaveableAsync<T>(ValueTask<T> operation, CancellationToken cancellationToken)
        => operation.IsCompleted || !cancellationToken.CanBeCanceled ? operation : new ValueTask<T>(operation.AsTask().WaitAsync(cancellationToken));

    /// <summary>What is undone for somebody who has another failure to hear of, or has gone.</summary>
    private static async Task IgnoreAsync(ValueTask undoing)
    {
        try
        {
            await undoing;
        }
        catch (Exception)
        {
            // What is left is found by the volume's next unmount or removal.
        }
    }
}
