using Hafen.Oci;
using Hafen.Oci.Images;
using Hafen.Snapshots.Tests.Overlay;
using Hafen.Snapshots.Tests.Tar;

namespace Hafen.Snapshots.Tests.Contracts;

public sealed class OverlayContractTests : SnapshotterContract
{
    private readonly LayerFixture _fixture = new();

    protected override ISnapshotter Snapshotter => _fixture.Snapshotter;

    public override async ValueTask DisposeAsync()
    {
        await _fixture.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override async Task<Digest> LayerAsync(Digest? parent, params (string Path, string Content)[] files)
    {
        TarBuilder builder = new();
        foreach (var (path, content) in files)
            _ = path.EndsWith('/') ? builder.Folder(path) : builder.File(path, content);
        byte[] tar = builder.Build();
        var chainId = ChainIds.Next(parent, Digest.OfSha256(tar));
        await _fixture.Snapshotter.ApplyAsync(chainId, parent, new MemoryStream(tar), default);
        return chainId;
    }

    protected override void Write(string key, string path, string content) => Mounted(key, root => File.WriteAllText($"{root}/{path}", content));

    protected override void MakeFolder(string key, string path) => Mounted(key, root => Directory.CreateDirectory($"{root}/{path}"));

    protected override void Delete(string key, string path) => Mounted(key, root => Shell.Run("rm", "-r", $"{root}/{path}"));

    private void Mounted(string key, Action<string> act)
    {
        string root = _fixture.MountSnapshot(key);
        act(root);
        _fixture.Unmount(root);
    }
}
