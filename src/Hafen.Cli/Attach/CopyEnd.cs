namespace Hafen.Cli.Attach;

/// <summary>Why the copying between our streams and a container's ended.</summary>
internal enum CopyEnd
{
    /// <summary>The container closed its output.</summary>
    OutputEnded,

    /// <summary>The detach keys were typed.</summary>
    Detached,

    /// <summary>The exit was reported, and there was no output to wait for.</summary>
    Exited,
}
