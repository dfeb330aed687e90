namespace Hafen.Logging.Writers;

/// <summary>The process that a writer lives in. It has one thread and never waits for a single thing: what takes long is done beside it, and reported.</summary>
public interface ILogHost
{
    /// <summary>Begins to write the gzipped content of one open file into another; both may be closed after the call. One at a time.</summary>
    /// <param name="source">Open for reading.</param>
    /// <param name="target">Open for writing, empty.</param>
    /// <param name="finished">Called once, never from within this call: whether the target is whole.</param>
    /// <returns>False when it could not be begun; <paramref name="finished"/> is not called then.</returns>
    bool Compress(int source, int target, Action<bool> finished);

    /// <summary>Gives up the compression that has been begun; its end is still reported.</summary>
    void CancelCompression();
}
