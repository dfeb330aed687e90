using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Hafen.Engine.State;
using Hafen.Engine.State.Disk;
using Hafen.Linux.FileSystem;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Containers;

/// <summary>All containers: in memory by ID and name, on disk in one folder each.</summary>
internal sealed partial class ContainerStore(string root, ILogger log)
{
    private const string RecordFile = "container.json";
    private const string StateFileName = "state.json";

    private readonly ConcurrentDictionary<string, Container> _byId = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _unreadable = new(StringComparer.Ordinal);

    public string Root { get; } = root;

    public IReadOnlyCollection<Container> All => (IReadOnlyCollection<Container>)_byId.Values;

    public int Count => _byId.Count;

    public string FolderOf(string id) => Path.Combine(Root, id);

    /// <summary>Finds by ID, name (with or without slash) or unambiguous ID prefix.</summary>
    /// <exception cref="EngineException">Not found, or ambiguous.</exception>
    public Container Get(string reference)
        => TryGet(reference, out var container) ? container
            : throw (reference.Length == 0 ? EngineException.InvalidParameter("invalid name or ID supplied: \"\"") : EngineException.NotFound($"No such container: {reference}"));

    /// <summary>The same, when a start of it that is under way is over (<see cref="Container.SettleAsync"/>).</summary>
    /// <inheritdoc cref="Get"/>
    public async ValueTask<Container> GetSettledAsync(string reference, CancellationToken cancellationToken)
    {
        var container = Get(reference);
        await container.SettleAsync(cancellationToken);
        return container;
    }

    public bool TryGet(string reference, [NotNullWhen(true)] out Container? container)
    {
        if (_byId.TryGetValue(reference, out container))
            return true;
        string name = reference.StartsWith('/') ? reference[1..] : reference;
        if (_names.TryGetValue(name, out string? id) && _byId.TryGetValue(id, out container))
            return true;
        if (reference.Length is 0 or > 64)
            return false;
        foreach (var candidate in _byId.Values)
        {
            if (!candidate.Id.StartsWith(reference, StringComparison.Ordinal))
                continue;
            if (container is not null)
                throw EngineException.InvalidParameter($"Multiple IDs found with provided prefix: {reference}");
            container = candidate;
        }
        return container is not null;
    }

    public void Add(Container container) => _byId[container.Id] = container;

    /// <summary>Forgets a container and its name; its folder is the caller's business.</summary>
    public void Remove(Container container)
    {
        _byId.TryRemove(container.Id, out _);
        ReleaseName(container.Record.Name, container.Id);
    }

    /// <exception cref="EngineException">The name is malformed or taken.</exception>
    public void ReserveName(string name, string id)
    {
        if (!NamePattern().IsMatch(name))
            throw EngineException.InvalidParameter($"Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        string owner = _names.GetOrAdd(name, id);
        if (owner != id)
        {
            throw EngineException.Conflict(
                $"Conflict. The container name \"/{name}\" is already in use by container \"{owner}\". You have to remove (or rename) that container to be able to reuse that name.");
        }
    }

    /// <summary>False when the name is taken.</summary>
    public bool TryReserveName(string name, string id) => _names.TryAdd(name, id);

    public void ReleaseName(string name, string id) => _names.TryRemove(new KeyValuePair<string, string>(name, id));

    /// <summary>Called before each write; a test throws here what a disk throws.</summary>
    internal Action<StoreWrite, Container>? Failpoint { get; set; }

    /// <summary>Writes both files of a new container into its new folder.</summary>
    public void SaveNew(Container container)
    {
        Failpoint?.Invoke(StoreWrite.NewContainer, container);
        Directory.CreateDirectory(container.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute);
        Directory.CreateDirectory(Path.Combine(container.Folder, Spec.BuildRuntimeSpec.RootFolder));
        bool durable = !container.Record.HostConfig.AutoRemove;
        StateFile.Create(Path.Combine(container.Folder, StateFileName), ToDisk.State(container.State), DiskJson.Default.StoredState, durable: false);
        StateFile.Create(Path.Combine(container.Folder, RecordFile), ToDisk.Container(container.Record), DiskJson.Default.StoredContainer, durable);
    }

    /// <summary>Deletes a container's folder, its record first: without it the rest is a leftover and no container.</summary>
    public void DeleteFiles(Container container)
    {
        Failpoint?.Invoke(StoreWrite.Deletion, container);
        try
        {
            File.Delete(Path.Combine(container.Folder, RecordFile));
            Directory.Delete(container.Folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // An earlier removal got this far.
        }
    }

    /// <summary>Writes a container's record; what fails has changed nothing.</summary>
    public void SaveRecord(Container container)
    {
        Failpoint?.Invoke(StoreWrite.Record, container);
        StateFile.Replace(Path.Combine(container.Folder, RecordFile), ToDisk.Container(container.Record), DiskJson.Default.StoredContainer,
            durable: !container.Record.HostConfig.AutoRemove);
    }

    /// <summary>Writes the state a container is about to have; what fails has changed nothing, and then the change is not to be made.</summary>
    public void SaveState(Container container, ContainerState next)
    {
        Failpoint?.Invoke(StoreWrite.State, container);
        StateFile.Replace(Path.Combine(container.Folder, StateFileName), ToDisk.State(next), DiskJson.Default.StoredState, durable: false);
    }

    /// <summary>
    /// Writes what has happened to a container. It has happened whether it can be written or not: memory has the truth, the next change is written again, and a
    /// daemon that finds the older state asks the monitor or its exit file.
    /// </summary>
    /// <returns>Whether it is on the disk.</returns>
    public bool SaveState(Container container)
    {
        try
        {
            SaveState(container, container.State);
            return true;
        }
        catch (Exception exception)
        {
            EngineLog.StepFailed(log, container.Id, "write the state", exception.Message);
            return false;
        }
    }

    /// <summary>
    /// Containers whose files are not understood, by their IDs, and the reason: written by a newer release, or damaged after they had run. They are left alone, with what they
    /// have written.
    /// </summary>
    public IReadOnlyDictionary<string, string> Unreadable => _unreadable;

    /// <summary>Reads what an earlier daemon left.</summary>
    /// <param name="halfMade">Folders of containers whose creation or removal a crash cut off: nobody was told of them, or nobody wants them any more.</param>
    public void Load(out List<string> halfMade)
    {
        halfMade = [];
        Directory.CreateDirectory(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute);
        foreach (string folder in Directory.EnumerateDirectories(Root))
        {
            string id = Path.GetFileName(folder);
            // Whatever else lies here (lost+found) is not ours to remove.
            if (!ContainerId.IsOne(id))
                continue;
            try
            {
                if (TryRead(folder, id, out var record, out var state))
                    Add(folder, record, state);
                else if (IsHalfMade(folder))
                    halfMade.Add(folder);
                else
                    _unreadable[id] = "its record is not understood";
            }
            catch (NewerVersionException exception)
            {
                _unreadable[id] = exception.Message;
            }
        }
    }

    /// <exception cref="NewerVersionException">A newer release has written one of the two files, however much is left of the other one.</exception>
    private static bool TryRead(string folder, string id, [NotNullWhen(true)] out ContainerRecord? record, out ContainerState state)
    {
        var stored = StateFile.TryRead(Path.Combine(folder, RecordFile), DiskJson.Default.StoredContainer, StoredContainer.CurrentVersion);
        // A lost or half-written state is the state of a container whose end nobody has seen.
        state = StateFile.TryRead(Path.Combine(folder, StateFileName), DiskJson.Default.StoredState, StoredState.CurrentVersion) is { } known
            ? FromDisk.State(known)
            : new ContainerState { Status = ContainerStatus.Exited, ExitCode = 255, HasRun = true, FinishedAt = DateTimeOffset.UtcNow };
        record = stored is { Config: not null, HostConfig: not null, Networks: not null, Mounts: not null } && stored.Id == id ? FromDisk.Container(stored) : null;
        return record is not null;
    }

    private void Add(string folder, ContainerRecord record, ContainerState state)
    {
        if (!_names.TryAdd(record.Name, record.Id))
        {
            record = record with { Name = record.Id[..12] };
            _names[record.Name] = record.Id;
        }
        _byId[record.Id] = new Container(record, state, folder);
    }

    /// <summary>
    /// A record that was never there or never whole. Disks lose and damage what was whole, too: a folder that holds what a start leaves belongs to a
    /// container that somebody was told of.
    /// </summary>
    private static bool IsHalfMade(string folder)
    {
        string record = Path.Combine(folder, RecordFile);
        return StateFile.IsMissing(record) || (StateFile.IsHalfWritten(record) && Directory.EnumerateFileSystemEntries(folder).All(IsOfCreation));
    }

    private static bool IsOfCreation(string path) => Path.GetFileName(path) is RecordFile or StateFileName or Spec.BuildRuntimeSpec.RootFolder;

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9_.-]+\\z")]
    private static partial Regex NamePattern();
}
