using Hafen.Oci;

namespace Hafen.Content;

/// <summary>
/// Keeps the blobs that it names, each by itself and not what it refers to. The handle is its owner's: disposing it ends the lease, or lets go of one that has a name.
/// </summary>
public interface IContentLease : IDisposable
{
    /// <summary>Names a blob that is there.</summary>
    /// <returns>False when it is not: nothing is named then.</returns>
    bool TryHold(Digest digest);

    /// <summary>Ends the lease when the last handle on it is disposed, also one that has a name.</summary>
    void End();
}
