using System.IO.Pipelines;

namespace Hafen.Logging.Readers;

/// <summary>Reads what a driver wrote of one container, while it may go on writing.</summary>
public interface ILogReader
{
    /// <summary>
    /// Copies the wanted part of the log. What cannot be understood is left out. Returns at the end of the log, or, when following, at the end of the container.
    /// </summary>
    /// <exception cref="OperationCanceledException">The reader of the copy is gone.</exception>
    Task CopyAsync(LogRequest request, PipeWriter output, CancellationToken cancellationToken);
}
