namespace Hafen.Monitor.Logs;

/// <summary>Compresses one rotated log file at a time beside the monitor's own work.</summary>
public interface ILogCompressor
{
    /// <summary>Begins to write the gzipped content of one open file into another; both may be closed after the call.</summary>
    /// <param name="source">Open for reading.</param>
    /// <param name="target">Open for writing, empty.</param>
    /// <param name="finished">Called once, never from within this call: whether the target is whole.</param>
    /// <returns>False when it could not be begun; <paramref name="finished"/> is not called then.</returns>
    bool Start(int source, int target, Action<bool> finished);

    /// <summary>Gives up what has been begun; its end is still reported.</summary>
    void Cancel();
}
