using System.Runtime.InteropServices;

namespace Hafen.Linux.Events;

/// <summary>Signals read from a descriptor instead of interrupting the program (signalfd(2)).</summary>
public sealed unsafe partial class SignalDescriptor : IDisposable
{
    private const int SFD_CLOEXEC = 0x80000, SFD_NONBLOCK = 0x800;

    /// <summary>The signals must be blocked (<see cref="SignalMask"/>), or they act before they can be read.</summary>
    public SignalDescriptor(params ReadOnlySpan<int> signals)
    {
        SignalSet set;
        SignalMask.Fill(&set, signals);
        Number = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
        if (Number < 0)
            throw new LinuxException(Marshal.GetLastPInvokeError(), "signalfd");
    }

    /// <summary>The descriptor; readable when a signal is pending.</summary>
    public int Number { get; }

    /// <summary>Takes one pending signal; 0 when there is none.</summary>
    public int Take()
    {
        const int size = 128; // struct signalfd_siginfo; its first word is the signal's number
        byte* report = stackalloc byte[size];
        return read(Number, report, size) == size ? *(int*)report : 0;
    }

    public void Dispose() => close(Number);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int signalfd(int fd, SignalSet* mask, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int fd, void* buffer, nuint count);

    [LibraryImport("libc")]
    private static partial int close(int fd);
}
