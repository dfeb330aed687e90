using Hafen.Engine.Tests.Fakes;
using Hafen.Oci;
using Hafen.Snapshots;
using Hafen.Snapshots.Tests.Contracts;

namespace Hafen.Engine.Tests.Contracts;

/// <summary>What stands for the snapshotter in the engine's tests does what the real one does.</summary>
public sealed class FakeSnapshotsContractTests : SnapshotterContract
{
    private readonly FakeSnapshots _snapshots = new();

    protected override ISnapshotter Snapshotter => _snapshots;

    protected override Task<Digest> LayerAsync(Digest? parent, params (string Path, string Content)[] files) => Task.FromResult(_snapshots.AddLayer(parent, files));

    protected override void Write(string key, string path, string content) => _snapshots.Write(key, path, content);

    protected override void MakeFolder(string key, string path) => _snapshots.Write(key, path, null);

    protected override void Delete(string key, string path) => _snapshots.Delete(key, path);
}
