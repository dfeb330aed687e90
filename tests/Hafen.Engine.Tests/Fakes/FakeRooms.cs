using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using Hafen.Errors;
using Hafen.Images;
using Hafen.Networking;
using Hafen.Oci;
using Hafen.Oci.Images;
using Hafen.Volumes;

namespace Hafen.Engine.Tests.Fakes;

internal sealed class FakeImages : IImageStore
{
    public static readonly Digest BusyboxId = Digest.OfSha256("busybox"u8);

    public ImageProcessConfig Config { get; set; } = new() { Cmd = ["sh"], Env = ["PATH=/bin"] };

    public Image? Find(string reference) => reference is "busybox" || reference == BusyboxId.ToString() ? Busybox : null;

    public IReadOnlyList<Image> List() => [Busybox];

    public IReadOnlyList<string> LeftAlone { get; set; } = [];

    public Task<LoadResult> LoadAsync(Stream archive, IProgress<LayerProgress>? progress, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Image> ImportAsync(Stream tar, ImageReference? reference, ImageConfig config, string? message, CancellationToken cancellationToken)
        => throw new NotSupportedException();

    public Task SaveAsync(IReadOnlyList<string> references, Stream archive, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Image? Tag(Image image, ImageReference reference) => throw new NotSupportedException();

    public IReadOnlyList<ImageRemoval> Untag(string reference) => throw new NotSupportedException();

    public IReadOnlyList<ImageRemoval> Remove(string reference, bool force) => throw new NotSupportedException();

    public IReadOnlyList<ImageRemoval> RemoveIf(Digest id, Func<Image, bool> condition) => throw new NotSupportedException();

    public Task<Image> LoadBuiltInAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Busybox);

    private Image Busybox => new()
    {
        Id = BusyboxId,
        Config = new ImageConfig { Config = Config },
        Tags = [],
        RepoDigests = [],
        TopLayer = BusyboxId,
        Size = 100,
        LastTagged = null,
    };
}

internal sealed class FakeVolumes : IVolumes
{
    private int _next;

    public Dictionary<string, Volume> Volumes { get; } = [];
    public List<string> Populated { get; } = [];

    public Volume? Find(string name) => Volumes.GetValueOrDefault(name);

    public IReadOnlyList<Volume> List() => [.. Volumes.Values];

    public Volume Create(string? name, string? driver, IReadOnlyDictionary<string, string>? options, IReadOnlyDictionary<string, string>? labels)
    {
        name ??= $"anonymous{_next++}";
        if (name.Contains('!'))
            throw new VolumeException(ErrorKind.InvalidParameter, $"bad name {name}");
        return Volumes[name] = new Volume
        {
            Name = name,
            Driver = "local",
            Mountpoint = $"/v/{name}/_data",
            CreatedAt = DateTimeOffset.UtcNow,
            Options = new Dictionary<string, string>(),
            Labels = new Dictionary<string, string>(),
        };
    }

    public HashSet<(string Name, string User)> Mounted { get; } = [];

    /// <summary>Happens while a container's volumes are filled.</summary>
    public Action? Meanwhile { get; set; }

    public void Hold(string name, string user) => Mounted.Add((name, user));

    public string Mount(string name, string user)
    {
        Mounted.Add((name, user));
        return Volumes[name].Mountpoint;
    }

    public Exception? UnmountFailure { get; set; }

    public void Unmount(string name, string user)
    {
        if (UnmountFailure is not null)
            throw UnmountFailure;
        Mounted.Remove((name, user));
    }

    public void Populate(string name, IReadOnlyList<string> layers, string path)
    {
        Populated.Add(path);
        Meanwhile?.Invoke();
    }

    public void Remove(string name)
    {
        if (Mounted.Any(mount => mount.Name == name))
            throw new VolumeException(ErrorKind.Conflict, $"remove {name}: volume is in use");
        Volumes.Remove(name);
    }

    /// <summary>Happens when somebody asks for a volume's size.</summary>
    public Action<string>? Measured { get; set; }

    public long Usage(string name)
    {
        Measured?.Invoke(name);
        return Volumes.ContainsKey(name) ? 0 : throw new VolumeException(ErrorKind.NotFound, $"get {name}: no such volume");
    }
}
