namespace Hafen.Client.Errors;

/// <summary>No connection to the daemon: nothing listens, or the socket may not be opened.</summary>
public sealed class DaemonUnreachableException : Exception
{
    public DaemonUnreachableException(string endpoint, bool permissionDenied, string reason)
        : base(permissionDenied
            ? $"permission denied while trying to connect to the Hafen daemon socket at {endpoint}: {reason}"
            : $"Cannot connect to the Hafen daemon at {endpoint}. Is the hafen daemon running?")
        => PermissionDenied = permissionDenied;

    /// <summary>The socket exists but this user may not connect to it.</summary>
    public bool PermissionDenied { get; }
}
