namespace Hafen.Runtime.Init;

/// <summary>What the child tells its parent: one message of this size on a SOCK_SEQPACKET pair.</summary>
internal unsafe struct ChildMessage
{
    public const int TextRoom = 240;

    public ChildMessageKind Kind;

    /// <summary>Index of the step that failed.</summary>
    public int Step;

    /// <summary>errno of a failure.</summary>
    public int Number;

    public ChildDetail Detail;

    /// <summary>What the kernel had to say about a failed mount; ends with a zero byte.</summary>
    public fixed byte Text[TextRoom];
}

internal enum ChildMessageKind
{
    /// <summary>
    /// The process that will execute the program is there. One that was cloned once more on the way has its pidfd with this message (SCM_RIGHTS); else
    /// it is the one the parent knows.
    /// </summary>
    Descended = 1,
    /// <summary>The terminal's master comes with this message (SCM_RIGHTS).</summary>
    Terminal,
    /// <summary>A file system's context comes with this message (SCM_RIGHTS).</summary>
    FileSystem,
    /// <summary>Mounts stand, the root is not changed yet: time for prestart and createRuntime hooks.</summary>
    Hooks,
    /// <summary>All is prepared.</summary>
    Ready,
    /// <summary>execve is next: the end of the channel without a failure then means that it succeeded.</summary>
    Executing,
    /// <summary>A step failed.</summary>
    Failed,
}

/// <summary>Why a step failed, where the errno does not tell.</summary>
internal enum ChildDetail
{
    None,
    /// <summary>No folder of PATH holds the command.</summary>
    NotInPath,
    /// <summary>The file that was named cannot be looked at.</summary>
    CommandStatus,
    /// <summary>The file that was named may not be executed.</summary>
    CommandPermission,
    /// <summary>The mount point is a symbolic link or no folder.</summary>
    NotOrdinaryFolder,
    /// <summary>The file system is not the procfs or devpts it should be.</summary>
    WrongFileSystem,
    /// <summary>The working directory lies outside the root (CVE-2024-21626).</summary>
    OutsideRoot,
    /// <summary>A hook ended with the status in the errno field.</summary>
    HookStatus,
    /// <summary>A hook took too long.</summary>
    HookTimeout,
    /// <summary>The parent has gone.</summary>
    ParentGone,
}

/// <summary>Bytes from the parent.</summary>
internal static class ParentSignal
{
    public const byte Mapped = (byte)'M', HooksDone = (byte)'H', Start = (byte)'S', Known = (byte)'K';
}
