namespace Hafen.Monitor.Logs;

/// <summary>Compresses rotated log files beside the monitor's own work.</summary>
public interface ILogCompressor
{
    /// <summary>Whether a file is still being compressed.</summary>
    bool Busy { get; }

    /// <summary>Starts to replace <paramref name="path"/> by <c>path.gz</c>. A failure leaves the plain file.</summary>
    void Start(string path);
}
