using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Mounts;
using Hafen.Linux.Trees;
using Hafen.Volumes.Drivers;

namespace Hafen.Volumes.Local;

/// <summary>Volumes as folders of this host: <c>volumes/NAME/_data</c>, or what the options ask for in place of it (<see cref="VolumeMount"/>).</summary>
/// <param name="root">Absolute path of the folder with one folder a volume.</param>
public sealed class LocalDriver(string root) : IVolumeDriver
{
    internal const string DriverName = "local";

    private const uint DataMode = 0x1ED;

    public string Name => DriverName;

    public VolumeScope Scope => VolumeScope.Local;

    public void Check(string name, IReadOnlyDictionary<string, string> options) => VolumeMount.Parse(name, options);

    public string Path(string name) => System.IO.Path.Combine(root, name, LocalFill.DataName);

    public ValueTask CreateAsync(Volume volume, CancellationToken cancellationToken)
    {
        MakeData(volume.Mountpoint);
        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(Volume volume, CancellationToken cancellationToken)
    {
        // A daemon that was killed has left it mounted.
        Leave(volume);
        return ValueTask.CompletedTask;
    }

    public ValueTask<string> MountAsync(Volume volume, CancellationToken cancellationToken)
    {
        var mount = VolumeMount.Parse(volume.Name, volume.Options);
        if (mount is null)
            return new ValueTask<string>(volume.Mountpoint);
        if (mount.HostFolder is { } folder)
            return ReachHostAsync(volume, mount, folder);
        ReachMemory(volume, mount);
        return new ValueTask<string>(volume.Mountpoint);
    }

    public ValueTask UnmountAsync(Volume volume, CancellationToken cancellationToken)
    {
        Leave(volume);
        return ValueTask.CompletedTask;
    }

    public ValueTask PopulateAsync(Volume volume, IReadOnlyList<string> layers, string path, CancellationToken cancellationToken)
    {
        if (VolumeMount.Parse(volume.Name, volume.Options) is { } mount)
        {
            // What is copied into memory would be gone before anybody saw it.
            return mount.HostFolder is { } folder ? FillHostAsync(folder, layers, path) : ValueTask.CompletedTask;
        }
        LocalFill.Fill(Folder(volume.Name), layers, path);
        return ValueTask.CompletedTask;
    }

    public ValueTask<long?> UsageAsync(Volume volume, CancellationToken cancellationToken)
    {
        string path = BytePath.FromText(volume.Mountpoint);
        int data = TreeCalls.Open(OpenFlags.AT_FDCWD, path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        // Somebody removes it, or has removed its folder by hand.
        if (data == -Errno.ENOENT)
            return new ValueTask<long?>(0);
        TreeCalls.Check(data, "open", path);
        try
        {
            return new ValueTask<long?>(TreeSize.Of(data));
        }
        finally
        {
            _ = TreeCalls.Close(data);
        }
    }

    /// <summary>Those with a folder for content.</summary>
    public ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
        => new([.. Directory.EnumerateDirectories(root).Where(static folder => Directory.Exists(LocalFill.Data(folder))).Select(static folder => System.IO.Path.GetFileName(folder))]);

    /// <summary>Content may be somebody's data put there by hand. Where there is none it is a creation that a crash cut off.</summary>
    public ValueTask<DateTimeOffset?> FindAsync(string name, CancellationToken cancellationToken)
    {
        string folder = Folder(name), data = LocalFill.Data(folder);
        if (!Directory.Exists(data))
            return default;
        LocalFill.Finish(folder);
        return Directory.EnumerateFileSystemEntries(data).Any() ? new ValueTask<DateTimeOffset?>(Directory.GetCreationTimeUtc(data)) : default;
    }

    public ValueTask OpenAsync(Volume volume, CancellationToken cancellationToken)
    {
        // Its content was taken away by hand: the volume is empty, not gone.
        if (Directory.Exists(volume.Mountpoint))
            LocalFill.Finish(Folder(volume.Name));
        else
            MakeData(volume.Mountpoint);
        return ValueTask.CompletedTask;
    }

    private string Folder(string name) => System.IO.Path.Combine(root, name);

    private static void MakeData(string path)
    {
        string data = BytePath.FromText(path);
        TreeCalls.Check(TreeCalls.MakeDirectory(OpenFlags.AT_FDCWD, data, DataMode), "mkdir", System.IO.Path.GetDirectoryName(path)!);
        TreeCalls.Check(TreeCalls.ChangeMode(OpenFlags.AT_FDCWD, data, DataMode), "chmod", System.IO.Path.GetDirectoryName(path)!);
    }

    /// <summary>The folder may be on a server, which is asked on another thread. Most are not, or have answered a moment ago.</summary>
    private static ValueTask<string> ReachHostAsync(Volume volume, VolumeMount mount, string folder)
        => IsAtHand(folder) ? new(folder) : AskHostAsync(volume, mount, folder);

    private static ValueTask<string> AskHostAsync(Volume volume, VolumeMount mount, string folder)
        => new(BlockingCall.RunAsync(() => ReachHost(volume, mount, folder)));

    /// <summary>Whether the kernel knows without asking anybody that the folder is there.</summary>
    private static bool IsAtHand(string folder)
    {
        int opened = TreeCalls.OpenBeneath(OpenFlags.AT_FDCWD, BytePath.FromText(folder), OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, OpenFlags.RESOLVE_CACHED);
        if (opened < 0)
            return false;
        _ = TreeCalls.Close(opened);
        return true;
    }

    /// <summary>The folder may be on a server here, too, and is read and written.</summary>
    private static ValueTask FillHostAsync(string folder, IReadOnlyList<string> layers, string path)
        => new(BlockingCall.RunAsync(() => LocalFill.FillHost(folder, layers, path)));

    /// <summary>A folder of the host is used where it is: nothing is mounted over the volume's own, so nothing of it can be removed with the volume.</summary>
    private static string ReachHost(Volume volume, VolumeMount mount, string folder)
    {
        if (Directory.Exists(folder))
            return folder;
        throw new VolumeException(
            ErrorKind.System,
            $"failed to mount local volume: mount {folder}:{volume.Mountpoint}, flags: 0x{mount.Flags:x}: {Errno.Text(File.Exists(folder) ? Errno.ENOTDIR : Errno.ENOENT)}");
    }

    /// <summary>All who use it see the same memory, also those that an earlier daemon started.</summary>
    private static void ReachMemory(Volume volume, VolumeMount mount)
    {
        if (IsMounted(volume))
            return;
        try
        {
            HostMount.Tmpfs(volume.Mountpoint, mount.Flags, mount.Data);
        }
        catch (LinuxException exception)
        {
            string data = mount.Data.Length > 0 ? $", data: {mount.Data}" : "";
            throw new VolumeException(ErrorKind.System, $"failed to mount local volume: mount tmpfs:{volume.Mountpoint}{data}: {Errno.Text(exception.Number)}", exception);
        }
    }

    /// <summary>Nobody uses the volume: memory is given back.</summary>
    private static void Leave(Volume volume)
    {
        if (volume.Options.Count > 0)
            HostMount.Detach(volume.Mountpoint);
    }

    private static bool IsMounted(Volume volume)
        => TreeCalls.Stat(OpenFlags.AT_FDCWD, BytePath.FromText(volume.Mountpoint), out var content) == 0
            && TreeCalls.Stat(OpenFlags.AT_FDCWD, BytePath.FromText(System.IO.Path.GetDirectoryName(volume.Mountpoint)!), out var folder) == 0
            && content.FileSystem != folder.FileSystem;
}
