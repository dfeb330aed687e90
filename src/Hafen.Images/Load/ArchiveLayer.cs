using Hafen.Errors;
using Hafen.Oci;
using Hafen.Snapshots.Layers;

namespace Hafen.Images.Load;

/// <summary>A file of an archive that is a layer: unpacked already, known already, or broken.</summary>
internal sealed class ArchiveLayer : IDisposable
{
    private readonly StagedLayer? _staged;
    private readonly IDisposable? _lease;
    private readonly Exception? _error;
    private readonly Digest _diffId;
    private readonly Digest _blob;
    private bool _taken;

    /// <summary>Unpacked.</summary>
    public ArchiveLayer(StagedLayer staged)
    {
        _staged = staged;
        _diffId = staged.DiffId;
        _blob = staged.BlobDigest;
    }

    /// <summary>Not compressed, and its files lie in the store already, where the lease keeps them.</summary>
    public ArchiveLayer(Digest known, IDisposable lease)
    {
        _lease = lease;
        _diffId = known;
        _blob = known;
    }

    /// <summary>Cannot be used; that matters only if an image needs it.</summary>
    public ArchiveLayer(Exception error) => _error = error;

    /// <exception cref="ImageException">The layer is broken.</exception>
    public Digest DiffId => _error is null ? _diffId : throw Failed();

    /// <summary>Digest of the file's bytes.</summary>
    /// <exception cref="ImageException">The layer is broken.</exception>
    public Digest Blob => _error is null ? _blob : throw Failed();

    /// <summary>The unpacked layer the first time; null when it has to be copied from one in the store.</summary>
    public StagedLayer? Take()
    {
        if (_taken)
            return null;
        _taken = true;
        return _staged;
    }

    public void Dispose()
    {
        _staged?.Dispose();
        _lease?.Dispose();
    }

    private Exception Failed() => _error is LayerException ? new ImageException(ErrorKind.InvalidParameter, _error.Message, _error) : _error!;
}
