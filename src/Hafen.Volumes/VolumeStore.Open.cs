using Hafen.Errors;
using Hafen.Volumes.Drivers;
using Hafen.Volumes.State;
using Hafen.Volumes.Turns;

namespace Hafen.Volumes;

/// <summary>What the disk and the drivers say when the daemon starts.</summary>
public sealed partial class VolumeStore
{
    /// <summary>How long the daemon's start waits for drivers in all.</summary>
    private static readonly TimeSpan s_openLimit = TimeSpan.FromSeconds(10);

    /// <summary>Opens the volumes below <paramref name="root"/> with all drivers there are, making their folder if need be, and clears what a crash has left.</summary>
    /// <exception cref="Hafen.Linux.LinuxException">The folder cannot be made.</exception>
    public static ValueTask<VolumeStore> OpenAsync(string root, CancellationToken cancellationToken)
        => OpenAsync(root, VolumeDrivers.All(Folder(root)), TimeProvider.System, cancellationToken);

    /// <summary>The same with these drivers, of which the first is taken when nobody names one.</summary>
    /// <inheritdoc cref="OpenAsync(string, CancellationToken)"/>
    public static async ValueTask<VolumeStore> OpenAsync(string root, IReadOnlyList<IVolumeDriver> drivers, TimeProvider clock, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(root);
        var store = new VolumeStore(VolumeFolders.Open(Folder(root)), drivers, clock);
        await store.ReadAsync(cancellationToken);
        return store;
    }

    private static string Folder(string root) => Path.Combine(Path.GetFullPath(root), "volumes");

    private async ValueTask ReadAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_openLimit, _clock);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);

        // 1. What is on record.
        List<string> unrecorded = [];
        foreach (string name in _folders.Sweep())
        {
            switch (_folders.Read(name, out var record))
            {
                case FolderContent.Recorded:
                    await TakeInAsync(record!, waiting.Token);
                    break;
                case FolderContent.Newer:
                    _leftAlone.Add(name);
                    _warnings.Add($"the volume {name} was written by a later release and is left alone");
                    break;
                case FolderContent.Unrecorded:
                    unrecorded.Add(name);
                    break;
                default:
                    break;
            }
        }
        cancellationToken.ThrowIfCancellationRequested();

        // 2. What is not, and is somebody's data all the same. They are all asked at once: none waits for the time that another one takes.
        bool complete = true;
        var asked = _drivers.Select(driver => (driver, Found: FindAsync(driver, waiting.Token))).ToArray();
        foreach (var (driver, found) in asked)
        {
            try
            {
                foreach (var (name, made) in await found.WaitAsync(waiting.Token))
                    await AdoptAsync(driver, name, made, waiting.Token);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                complete = false;
                _warnings.Add($"the volume driver {driver.Name} does not tell its volumes: {(limit.IsCancellationRequested ? "it does not answer" : exception.Message)}");
            }
        }
        cancellationToken.ThrowIfCancellationRequested();

        // 3. The rest are creations that a crash cut off; unless somebody who has not answered knows better.
        foreach (string name in unrecorded)
        {
            if (complete && _table.Find(name) is null)
                _folders.Discard(name);
        }
    }

    private async Task<List<(string Name, DateTimeOffset Made)>> FindAsync(IVolumeDriver driver, CancellationToken cancellationToken)
    {
        List<(string Name, DateTimeOffset Made)> found = [];
        foreach (string name in await driver.ListAsync(cancellationToken))
        {
            if (!VolumeFolders.IsVolume(name) || _leftAlone.Contains(name) || _table.Find(name) is not null)
                continue;
            if (await driver.FindAsync(name, cancellationToken) is { } made)
                found.Add((name, made));
        }
        return found;
    }

    /// <summary>A volume on record. It is known from now on, also when its driver cannot repair it: a mount says so.</summary>
    private async ValueTask TakeInAsync(VolumeRecord record, CancellationToken cancellationToken)
    {
        using var turn = await _table.EnterAsync(record.Name, cancellationToken);
        var known = Recorded(record);
        turn.Appear(known);
        try
        {
            await LeaveableAsync(RepairAsync(known, cancellationToken), cancellationToken);
        }
        catch (Exception exception) when (exception is HafenException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            _warnings.Add($"the volume {record.Name} is not repaired: {exception.Message}");
        }
    }

    private static ValueTask RepairAsync(KnownVolume known, CancellationToken cancellationToken)
        => known.Driver?.OpenAsync(known.Volume, cancellationToken) ?? ValueTask.CompletedTask;

    private async ValueTask AdoptAsync(IVolumeDriver driver, string name, DateTimeOffset made, CancellationToken cancellationToken)
    {
        using var turn = await _table.EnterAsync(name, cancellationToken);
        // Another driver has one of that name: the first in the table counts.
        if (turn.Known is null)
            turn.Appear(Unrecorded(driver, name, made));
    }

    /// <summary>What is there without being known: a folder with a record, put there by hand, or what the driver has.</summary>
    private async ValueTask<KnownVolume?> FoundAsync(VolumeTurn turn, string name, IVolumeDriver driver, CancellationToken cancellationToken)
    {
        var content = _folders.Read(name, out var record);
        if (content == FolderContent.Newer)
            throw Newer("create", name);
        KnownVolume? known = null;
        if (content == FolderContent.Recorded)
            await RepairAsync(known = Recorded(record!), cancellationToken);
        else if (await driver.FindAsync(name, cancellationToken) is { } made)
            known = Unrecorded(driver, name, made);
        else if (content == FolderContent.Unrecorded)
            _folders.Discard(name);
        if (known is not null)
            turn.Appear(known);
        return known;
    }

    private KnownVolume Recorded(VolumeRecord record)
    {
        var driver = DriverOf(record.Driver);
        return new KnownVolume(
            new Volume
            {
                Name = record.Name,
                Driver = record.Driver,
                Scope = driver?.Scope ?? VolumeScope.Local,
                Mountpoint = driver?.Path(record.Name) ?? "",
                CreatedAt = record.CreatedAt,
                Options = record.Options ?? [],
                Labels = record.Labels ?? [],
            },
            driver);
    }

    private static KnownVolume Unrecorded(IVolumeDriver driver, string name, DateTimeOffset made) => new(
        new Volume
        {
            Name = name,
            Driver = driver.Name,
            Scope = driver.Scope,
            Mountpoint = driver.Path(name),
            CreatedAt = made,
            Options = new Dictionary<string, string>(),
            Labels = new Dictionary<string, string>(),
        },
        driver);
}
