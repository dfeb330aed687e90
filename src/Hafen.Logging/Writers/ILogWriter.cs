namespace Hafen.Logging.Writers;

/// <summary>
/// Writes one container's output. It lives in the container's monitor, on its only thread: no call waits for anything but a file, none starts a task or a thread,
/// none throws because a disk is full or a receiver is gone, and what is kept is bounded.
/// </summary>
public interface ILogWriter : IDisposable
{
    /// <summary>Lines that could not be written and are gone. Known after <see cref="IDisposable.Dispose"/>, too.</summary>
    long LostLines { get; }

    /// <summary>Logs what was read from one of the outputs, wherever that cut the lines.</summary>
    void Feed(LogStream stream, ReadOnlySpan<byte> data);

    /// <summary>One of the outputs has ended: what had no line end is an entry as it is.</summary>
    void End(LogStream stream);

    /// <summary>Writes what waits; false when it goes on waiting. Asked for once a second then.</summary>
    bool Flush();

    /// <summary>Gives unused memory back: nothing has happened for a while.</summary>
    void Release();

    /// <summary>
    /// Nothing will be logged any more: writes the rest, and calls <paramref name="settled"/> once nothing is left to be done beside it, perhaps from within this
    /// call. The caller sees to it that this does not take too long, and ends it with <see cref="IDisposable.Dispose"/>.
    /// </summary>
    void Finish(Action settled);
}
