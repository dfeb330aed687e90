namespace Hafen.Runtime.Init;

/// <summary>What the child carries from step to step; lives on its stack.</summary>
internal unsafe struct ChildState
{
    public Step* Steps;
    public int Count;

    /// <summary>Index of the running step.</summary>
    public int Current;

    /// <summary>The child's end of the socket pair.</summary>
    public int Sync;

    /// <summary>The host's procfs, opened and checked before the clone: nothing of the container can stand in for it (CVE-2025-52881).</summary>
    public int Proc;

    /// <summary>O_PATH descriptor of the container's root; -1 until it is open.</summary>
    public int Root;

    public int TerminalSlave;

    /// <summary>The FIFO that <c>start</c> writes to; -1 when the parent says when.</summary>
    public int Fifo;

    /// <summary>O_PATH descriptor of the host's /dev/null; -1 until the first use.</summary>
    public int Null;

    /// <summary>The empty read-only folder that hides folders, mounted once and cloned then; -1 until the first use.</summary>
    public int EmptyFolder;

    /// <summary>Whether the working directory has been entered.</summary>
    public bool InDirectory;

    /// <summary>The path to execute.</summary>
    public byte* Executable;

    /// <summary><c>HOME=…</c> for the environment's last line; null leaves the line.</summary>
    public byte* Home;

    public ChildDetail Detail;

    /// <summary>Text for a failure message: <see cref="ChildMessage.TextRoom"/> bytes.</summary>
    public byte* Note;
}
