using Hafen.Linux.Trees;
using Hafen.Oci;

namespace Hafen.Snapshots.Layers;

/// <summary>A layer that is unpacked but has no place in a chain yet. Disposing it before it is committed removes it.</summary>
public sealed class StagedLayer : IDisposable
{
    private Action? _discard;

    internal StagedLayer(string id, ImplicitFolders implicitFolders, Action discard)
    {
        Id = id;
        ImplicitFolders = implicitFolders;
        _discard = discard;
    }

    /// <summary>Digest of the uncompressed tar.</summary>
    public required Digest DiffId { get; init; }

    /// <summary>Digest of the bytes as they came, equal to <see cref="DiffId"/> when they were not compressed.</summary>
    public required Digest BlobDigest { get; init; }

    /// <summary>Bytes of the layer's files, as Docker counts them.</summary>
    public required long Size { get; init; }

    /// <summary>Bytes of the uncompressed tar.</summary>
    public required long TarSize { get; init; }

    /// <summary>Folder name of the files.</summary>
    internal string Id { get; }

    /// <summary>Folders that no entry described; they take their attributes from the layers below.</summary>
    internal ImplicitFolders ImplicitFolders { get; }

    public void Dispose()
    {
        ImplicitFolders.Dispose();
        Interlocked.Exchange(ref _discard, null)?.Invoke();
    }

    /// <summary>The files belong to a committed layer now.</summary>
    internal void Keep() => _discard = null;
}
