using System.Runtime.InteropServices;

namespace Hafen.Linux.Events;

/// <summary>A one-shot timer on the monotonic clock, read as a descriptor (timerfd_create(2)).</summary>
public sealed unsafe partial class TimerDescriptor : IDisposable
{
    private const int CLOCK_MONOTONIC = 1, TFD_CLOEXEC = 0x80000, TFD_NONBLOCK = 0x800;

    public TimerDescriptor()
    {
        Number = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
        if (Number < 0)
            throw new LinuxException(Marshal.GetLastPInvokeError(), "timerfd_create");
    }

    /// <summary>The descriptor; readable when the time has come.</summary>
    public int Number { get; }

    /// <summary>Sets the time from now; zero or less disarms.</summary>
    public void Arm(TimeSpan delay)
    {
        var ticks = Math.Max(0, delay.Ticks);
        var specification = stackalloc long[4]; // it_interval, it_value
        specification[2] = ticks / TimeSpan.TicksPerSecond;
        specification[3] = ticks % TimeSpan.TicksPerSecond * 100;
        if (timerfd_settime(Number, 0, specification, null) != 0)
            throw new LinuxException(Marshal.GetLastPInvokeError(), "timerfd_settime");
    }

    /// <summary>Consumes an expiration; false when there was none.</summary>
    public bool Take()
    {
        ulong count;
        return read(Number, &count, sizeof(ulong)) == sizeof(ulong);
    }

    public void Dispose() => close(Number);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int timerfd_create(int clock, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int timerfd_settime(int fd, int flags, long* value, long* before);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int fd, void* buffer, nuint count);

    [LibraryImport("libc")]
    private static partial int close(int fd);
}
