using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using Hafen.Images;
using Hafen.Networking;
using Hafen.Oci;
using Hafen.Oci.Images;

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
