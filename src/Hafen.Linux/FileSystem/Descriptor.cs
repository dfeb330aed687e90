using System.Runtime.InteropServices;
using Hafen.Linux.Processes;

namespace Hafen.Linux.FileSystem;

/// <summary>An owned file descriptor: closed once, when disposed.</summary>
public sealed class Descriptor : SafeHandle
{
    public Descriptor()
        : base(-1, ownsHandle: true)
    {
    }

    /// <param name="number">The descriptor to own; it should carry FD_CLOEXEC.</param>
    public Descriptor(int number)
        : base(-1, ownsHandle: true) => SetHandle(number);

    public override bool IsInvalid => handle < 0;

    /// <summary>The number, valid while this object is neither disposed nor released.</summary>
    public int Number => IsClosed ? throw new ObjectDisposedException(nameof(Descriptor)) : (int)handle;

    /// <summary>Gives up ownership: the caller closes the number.</summary>
    public int Release()
    {
        int number = Number;
        SetHandleAsInvalid();
        return number;
    }

    /// <summary>Whether a number is that of an open file.</summary>
    public static bool IsOpen(int number)
    {
        const int F_GETFD = 1;
        return SystemCall.Call(SystemCall.fcntl, number, F_GETFD) >= 0;
    }

    /// <summary>A second descriptor of the same open file, with FD_CLOEXEC.</summary>
    public static Descriptor Duplicate(int number)
    {
        const int F_DUPFD_CLOEXEC = 1030;
        nint copy = SystemCall.Call(SystemCall.fcntl, number, F_DUPFD_CLOEXEC, 3);
        return copy >= 0 ? new Descriptor((int)copy) : throw new LinuxException((int)-copy, "fcntl", "F_DUPFD_CLOEXEC");
    }

    protected override bool ReleaseHandle()
    {
        // The number is free after close even when the kernel reports an error, so there is nothing to try again.
        SystemCall.Call(SystemCall.close, handle);
        return true;
    }
}
