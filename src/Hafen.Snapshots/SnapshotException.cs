using Hafen.Errors;

namespace Hafen.Snapshots;

/// <summary>A snapshot with which something cannot be done. The message is for people.</summary>
public sealed class SnapshotException(ErrorKind kind, string message) : HafenException(kind, message);
