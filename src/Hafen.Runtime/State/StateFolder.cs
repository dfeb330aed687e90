using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Cgroups;
using Hafen.Linux.Procfs;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Errors;

namespace Hafen.Runtime.State;

/// <summary>
/// The containers of the command line's verbs: a folder each with <c>state.json</c>, a copy of the specification and the FIFO that init waits on.
/// (Containers of a monitor keep no such folder.)
/// </summary>
public sealed class StateFolder(string root)
{
    public const string DefaultRoot = "/run/hafen/runtime";
    private const string StateFile = "state.json", SpecFile = "config.json", FifoFile = "start";

    /// <summary>Makes a container's folder.</summary>
    /// <exception cref="RuntimeException">The ID is no ID, or taken.</exception>
    public string Make(string id)
    {
        CheckId(id);
        Directory.CreateDirectory(root);
        string folder = Path.Combine(root, id);
        // Atomic, unlike asking first: two creates of one ID must not both succeed.
        int result = Linux.FileSystem.Files.TryMakeFolder(folder, 0x1C0);
        if (result == -Errno.EEXIST)
            throw new RuntimeException(ErrorKind.InvalidParameter, "create", "container with given ID already exists");
        if (result < 0)
            throw new RuntimeException(ErrorKind.System, "create", $"mkdir {folder}: {Errno.Text(-result)}", -result);
        return folder;
    }

    public string FifoOf(string id) => Path.Combine(root, id, FifoFile);

    public void Save(StoredContainer container)
    {
        string path = Path.Combine(root, container.Id, StateFile);
        File.WriteAllBytes(path + ".new", container.ToJson());
        File.Move(path + ".new", path, overwrite: true);
    }

    public void SaveSpec(string id, ReadOnlySpan<byte> spec) => File.WriteAllBytes(Path.Combine(root, id, SpecFile), spec);

    /// <summary>The specification as it was when the container was made, whatever became of the bundle since.</summary>
    public RuntimeSpec LoadSpec(string id) =>
        RuntimeSpecReader.Read(File.ReadAllBytes(Path.Combine(root, id, SpecFile)));

    /// <summary>The same of a container that was perhaps never recorded; null when there is none, or no whole one.</summary>
    public RuntimeSpec? TryLoadSpec(string id)
    {
        try
        {
            return LoadSpec(id);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or RuntimeException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    /// <exception cref="RuntimeException">NotRunning: there is no such container.</exception>
    public StoredContainer Load(string id)
    {
        CheckId(id);
        return TryLoad(id) ?? throw new RuntimeException(ErrorKind.NotRunning, "load", "container does not exist");
    }

    /// <summary>All containers, by ID; folders that are being made or removed are left out.</summary>
    public IEnumerable<StoredContainer> List()
    {
        if (!Directory.Exists(root))
            yield break;
        foreach (string folder in Directory.GetDirectories(root).Order(StringComparer.Ordinal))
        {
            if (TryLoad(Path.GetFileName(folder)) is { } container)
                yield return container;
        }
    }

    public void Remove(string id)
    {
        try
        {
            Directory.Delete(Path.Combine(root, id), recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another delete was as far.
        }
    }

    /// <summary>Asks the kernel. A process with the pid but another start time is not the container's.</summary>
    public ContainerStatus StatusOf(StoredContainer container)
    {
        if (!IsAlive(container))
            return ContainerStatus.Stopped;
        // Paused first: a container can be frozen before its start, and must be found so to be thawed.
        using (var cgroup = CgroupOf(container))
        {
            if (cgroup.State != FreezerState.Thawed)
                return ContainerStatus.Paused;
        }

        return File.Exists(FifoOf(container.Id)) ? ContainerStatus.Created : ContainerStatus.Running;
    }

    public static Cgroup CgroupOf(StoredContainer container) => Cgroup.Open(CgroupHierarchies.Detect(), container.CgroupPath);

    public static bool IsAlive(StoredContainer container) =>
        container.Pid > 0 && ProcessStat.TryRead(container.Pid, out var stat) && stat.StartTime == container.StartTime && stat.State is not 'Z' and not 'X';

    private StoredContainer? TryLoad(string id)
    {
        try
        {
            return StoredContainer.FromJson(File.ReadAllBytes(Path.Combine(root, id, StateFile)));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>An ID becomes a name of a folder, a cgroup and a keyring.</summary>
    private static void CheckId(string id)
    {
        bool valid = id.Length is > 0 and <= 1024 && id is not "." and not ".."
            && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '+' or '-' or '.');
        if (!valid)
            throw new RuntimeException(ErrorKind.InvalidParameter, "check ID", $"invalid container ID format: {id}");
    }
}
