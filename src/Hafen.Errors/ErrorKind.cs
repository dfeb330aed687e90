namespace Hafen.Errors;

/// <summary>
/// What kind of failure. One place makes HTTP status codes of kinds, one makes exit codes; nobody looks at the text.
/// The numbers travel between processes of different releases: none is changed or used again, and one that is not known is read as <see cref="System"/>.
/// </summary>
public enum ErrorKind : byte
{
    /// <summary>The kernel, the disk or this program failed.</summary>
    System = 0,
    /// <summary>The caller asked for something that cannot be.</summary>
    InvalidParameter = 1,
    /// <summary>The command of a container or an exec was not found.</summary>
    CommandNotFound = 2,
    /// <summary>The command of a container or an exec cannot be executed.</summary>
    CommandNotExecutable = 3,
    /// <summary>The container or exec does not run.</summary>
    NotRunning = 4,
    /// <summary>This release does not do what was asked for.</summary>
    NotImplemented = 5,
    /// <summary>The request came, or was come to, when it could no longer be carried out; nothing was done.</summary>
    TooLate = 6,
    /// <summary>There is no such object.</summary>
    NotFound = 7,
    /// <summary>A name, or the beginning of an ID, fits several objects.</summary>
    Ambiguous = 8,
    /// <summary>The object is in a state, or in a use, that does not allow it.</summary>
    Conflict = 9,
    /// <summary>The object is as it was asked for already.</summary>
    NotModified = 10,
    /// <summary>The caller may not do that.</summary>
    Forbidden = 11,
    /// <summary>Not now; the same request may succeed later.</summary>
    Unavailable = 12,
}
