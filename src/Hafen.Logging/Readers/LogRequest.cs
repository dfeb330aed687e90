namespace Hafen.Logging.Readers;

/// <summary>Which part of a container's log is wanted, and in what form.</summary>
public sealed record LogRequest
{
    public bool Stdout { get; init; }
    public bool Stderr { get; init; }

    /// <summary>Number of entries from the end; null for all.</summary>
    public long? Tail { get; init; }

    /// <summary>Nanoseconds since 1970: earlier entries are left out.</summary>
    public long? Since { get; init; }

    /// <summary>Nanoseconds since 1970: reading ends with the first later entry.</summary>
    public long? Until { get; init; }

    /// <summary>Puts the time before each entry.</summary>
    public bool Timestamps { get; init; }

    /// <summary>Puts the driver's attributes before each entry.</summary>
    public bool Details { get; init; }

    /// <summary>Frames with the 8-byte headers of the Engine API; false for terminals.</summary>
    public bool Multiplexed { get; init; }

    /// <summary>Neighbouring entries of one stream may share a frame; some clients that follow take a frame for a line.</summary>
    public bool SharedFrames { get; init; }

    /// <summary>
    /// When set, reading goes on at the end of the log until this task has completed, which says that nothing is written any more
    /// (the container has ended), and everything that was written has been read.
    /// </summary>
    public Task? FollowUntil { get; init; }
}
