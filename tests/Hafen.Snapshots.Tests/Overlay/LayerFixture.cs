using Hafen.Oci;
using Hafen.Snapshots.Overlay;

namespace Hafen.Snapshots.Tests.Overlay;

/// <summary>A snapshotter in a folder of the test's own, with short words for what tests do.</summary>
public sealed class LayerFixture : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _mounted = [];
    private int _serial;

    public LayerFixture() => Snapshotter = OverlaySnapshotter.Open(Root);

    public string Root => Path.Combine(_folder.Path, "root");

    public string Scratch => _folder.Path;

    public OverlaySnapshotter Snapshotter { get; private set; }

    /// <summary>Applies layers one above the other; returns the topmost chain ID.</summary>
    public async Task<Digest> ApplyAsync(params byte[][] layers)
    {
        Digest? parent = null;
        foreach (byte[] layer in layers)
        {
            var diffId = Digest.OfSha256(layer);
            var chainId = parent is null ? diffId : Digest.OfSha256(System.Text.Encoding.ASCII.GetBytes($"{parent} {diffId}"));
            await Snapshotter.ApplyAsync(chainId, parent, new MemoryStream(layer), default);
            parent = chainId;
        }

        return parent!.Value;
    }

    /// <summary>Mounts a new snapshot as the kernel does it for a container; returns the folder.</summary>
    public string Mount(Digest? chainId, bool keep = false)
    {
        string key = $"snapshot{_serial++}";
        Snapshotter.Prepare(key, chainId, keep);
        return MountSnapshot(key);
    }

    public string MountSnapshot(string key)
    {
        string target = Path.Combine(_folder.Path, $"mnt-{key}-{_serial++}");
        Directory.CreateDirectory(target);
        var mount = Assert.Single(Snapshotter.Mounts(key));
        Shell.Run("mount", "-t", mount.Type!, "-o", string.Join(',', mount.Options!), mount.Source!, target);
        _mounted.Add(target);
        return target;
    }

    public async Task<byte[]> DiffAsync(Digest chainId)
    {
        MemoryStream diff = new();
        await Snapshotter.WriteDiffAsync(chainId, diff, default);
        return diff.ToArray();
    }

    /// <summary>Closes and opens again, as a daemon that was killed does.</summary>
    public async Task ReopenAsync()
    {
        await Snapshotter.DisposeAsync();
        Snapshotter = OverlaySnapshotter.Open(Root);
    }

    public void Unmount(string target)
    {
        Shell.Run("umount", target);
        _mounted.Remove(target);
    }

    /// <summary>Waits until what was thrown away is gone.</summary>
    public async Task SettleAsync()
    {
        for (int i = 0; i < 6000 && Directory.EnumerateFileSystemEntries(Path.Combine(Root, "trash")).Any(); i++)
            await Task.Delay(10);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (string target in _mounted)
            Shell.Run("umount", "-l", target);
        await Snapshotter.DisposeAsync();
        _folder.Dispose();
    }
}
