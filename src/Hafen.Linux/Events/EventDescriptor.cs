using System.Runtime.InteropServices;

namespace Hafen.Linux.Events;

/// <summary>A counter that wakes an epoll loop from another thread (eventfd(2)).</summary>
public sealed unsafe partial class EventDescriptor : IDisposable
{
    private const int EFD_CLOEXEC = 0x80000, EFD_NONBLOCK = 0x800;

    public EventDescriptor()
    {
        Number = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (Number < 0)
            throw new LinuxException(Marshal.GetLastPInvokeError(), "eventfd");
    }

    /// <summary>The descriptor; readable after <see cref="Signal"/>.</summary>
    public int Number { get; }

    /// <summary>Makes the descriptor readable; may be called from any thread.</summary>
    public void Signal()
    {
        ulong one = 1;
        write(Number, &one, sizeof(ulong));
    }

    /// <summary>Makes the descriptor quiet again.</summary>
    /// <returns>Whether it was signalled.</returns>
    public bool Take()
    {
        ulong count;
        return read(Number, &count, sizeof(ulong)) == sizeof(ulong);
    }

    public void Dispose() => close(Number);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int fd, void* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int fd, void* buffer, nuint count);

    [LibraryImport("libc")]
    private static partial int close(int fd);
}
