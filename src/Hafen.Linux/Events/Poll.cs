using System.Runtime.InteropServices;

namespace Hafen.Linux.Events;

/// <summary>
/// poll(2): waits for a handful of descriptors. Unlike epoll it takes regular files too (they are always ready), which a program
/// whose standard streams may be redirected needs.
/// </summary>
public static unsafe partial class Poll
{
    /// <summary>Readiness bits.</summary>
    public const short In = 0x1, Out = 0x4, Error = 0x8, HangUp = 0x10, Invalid = 0x20;

    /// <summary>Waits until one is ready; returns how many are, 0 when the time is over or a signal came.</summary>
    /// <param name="entries">Descriptors with the events wanted; negative descriptors are left out. Receives the events found.</param>
    /// <param name="timeout">Milliseconds, -1 for no limit.</param>
    public static int Wait(Span<PollEntry> entries, int timeout)
    {
        fixed (PollEntry* first = entries)
        {
            int count = poll(first, (nuint)entries.Length, timeout);
            if (count >= 0)
                return count;
            int errno = Marshal.GetLastPInvokeError();
            if (errno != Errno.EINTR)
                throw new LinuxException(errno, "poll");
            foreach (ref var entry in entries)
                entry.Found = 0;
            return 0;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollEntry* fds, nuint count, int timeout);
}

/// <summary>One descriptor to wait for (struct pollfd).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PollEntry(int descriptor, short wanted)
{
    public int Descriptor = descriptor;
    public short Wanted = wanted;
    public short Found;
}
