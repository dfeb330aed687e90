using System.Runtime.InteropServices;
using Hafen.Linux.Descriptors;

namespace Hafen.Linux.Events;

/// <summary>An epoll instance (epoll(7)), level-triggered unless <see cref="EdgeTriggered"/> is asked for. Each descriptor carries a number of the caller's.</summary>
public sealed unsafe partial class Epoll : IDisposable
{
    /// <summary>Readiness bits.</summary>
    public const uint In = 0x1, Priority = 0x2, Out = 0x4, Error = 0x8, HangUp = 0x10, ReadHangUp = 0x2000;

    /// <summary>EPOLLET: a state is reported once, when it begins.</summary>
    public const uint EdgeTriggered = 1u << 31;

    private const int EPOLL_CLOEXEC = 0x80000, EPOLL_CTL_ADD = 1, EPOLL_CTL_DEL = 2, EPOLL_CTL_MOD = 3;
    private readonly int _descriptor;

    /// <exception cref="LinuxException">EMFILE, ENOMEM.</exception>
    public Epoll()
    {
        _descriptor = epoll_create1(EPOLL_CLOEXEC);
        if (_descriptor < 0)
            throw new LinuxException(Marshal.GetLastPInvokeError(), "epoll_create1");
    }

    /// <summary>Watches a descriptor.</summary>
    public void Add(int descriptor, uint events, ulong data) => Control(EPOLL_CTL_ADD, descriptor, events, data);

    /// <summary>Changes what is watched of a descriptor.</summary>
    public void Modify(int descriptor, uint events, ulong data) => Control(EPOLL_CTL_MOD, descriptor, events, data);

    /// <summary>Watches a descriptor no more.</summary>
    public void Remove(int descriptor) => Control(EPOLL_CTL_DEL, descriptor, 0, 0);

    /// <summary>Waits for events; returns how many are in the list, 0 when the time is over or a signal came.</summary>
    /// <param name="events">Receives the reports.</param>
    /// <param name="timeout">Milliseconds, -1 for no limit.</param>
    public int Wait(EventList events, int timeout)
    {
        int count = epoll_wait(_descriptor, events.Memory, events.Capacity, timeout);
        if (count >= 0)
            return count;
        int errno = Marshal.GetLastPInvokeError();
        return errno == Errno.EINTR ? 0 : throw new LinuxException(errno, "epoll_wait");
    }

    /// <summary>Waits for long: gives the program's own pages back last of all, and then does as <see cref="Wait"/>.</summary>
    public int WaitCold(EventList events, int timeout, ResidentMemory memory)
    {
        memory.Drop();
        int count = epoll_wait(_descriptor, events.Memory, events.Capacity, timeout);
        return Math.Max(0, count);
    }

    public void Dispose() => close(_descriptor);

    private void Control(int operation, int descriptor, uint events, ulong data)
    {
        byte* report = stackalloc byte[16];
        EventList.Write(report, events, data);
        if (epoll_ctl(_descriptor, operation, descriptor, report) != 0)
            throw new LinuxException(Marshal.GetLastPInvokeError(), "epoll_ctl", descriptor.ToString());
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int epfd, int operation, int fd, byte* report);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int epfd, byte* events, int maxevents, int timeout);

    [LibraryImport("libc")]
    private static partial int close(int fd);
}
