using System.Runtime.InteropServices;
using static Hafen.Linux.Streams.StreamCalls;

namespace Hafen.Linux.Streams;

/// <summary>One entry of <see cref="ReadinessQueue.Wait"/>.</summary>
/// <param name="Token">What the descriptor was added with.</param>
/// <param name="Ready">Its state.</param>
public readonly record struct ReadinessEvent(long Token, Readiness Ready);

/// <summary>An edge-triggered epoll instance with a way to wake its one waiter.</summary>
public sealed unsafe class ReadinessQueue : IDisposable
{
    private const uint EPOLLET = 1u << 31;
    private const int MaxEvents = 64;
    private const long WakeToken = -1;

    // struct epoll_event is packed on x86-64 only (sys/epoll.h, __EPOLL_PACKED).
    private static readonly int s_dataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int s_stride = s_dataOffset + sizeof(long);

    private readonly StreamSocket _epoll;
    private readonly StreamSocket _wake;

    public ReadinessQueue()
    {
        _epoll = new StreamSocket(Check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1"));
        _wake = new StreamSocket(Check(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd"));
        Control(EPOLL_CTL_ADD, _wake, WakeToken, Readiness.Input);
    }

    /// <summary>Reports changes of <paramref name="socket"/>, beginning with its present state.</summary>
    /// <param name="token">Not negative; returned with each event.</param>
    public void Add(StreamSocket socket, long token, Readiness interest) => Control(EPOLL_CTL_ADD, socket, token, interest);

    /// <summary>
    /// Ends the reports. Needed before a descriptor leaves this process: epoll watches the open file, which lives on in the copy.
    /// </summary>
    public void Remove(StreamSocket socket)
    {
        byte* entry = stackalloc byte[16];
        Check(epoll_ctl(_epoll.Descriptor, EPOLL_CTL_DEL, socket.Descriptor, entry), "epoll_ctl");
    }

    /// <summary>Waits for events, at most 64 of them; returns their number, which is 0 after <see cref="Wake"/>.</summary>
    public int Wait(Span<ReadinessEvent> events)
    {
        byte* entries = stackalloc byte[MaxEvents * 16];
        int count = epoll_wait(_epoll.Descriptor, entries, Math.Min(MaxEvents, events.Length), -1);
        if (count < 0) return LastError == Errno.EINTR ? 0 : throw new LinuxException(LastError, "epoll_wait");
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            byte* entry = entries + i * s_stride;
            long token = MemoryMarshal.Read<long>(new ReadOnlySpan<byte>(entry + s_dataOffset, sizeof(long)));
            if (token == WakeToken) { Acknowledge(); continue; }
            events[kept++] = new ReadinessEvent(token, (Readiness)MemoryMarshal.Read<uint>(new ReadOnlySpan<byte>(entry, sizeof(uint))));
        }
        return kept;
    }

    /// <summary>Makes the present or the next <see cref="Wait"/> return.</summary>
    public void Wake()
    {
        ulong one = 1;
        _ = write(_wake.Descriptor, &one, sizeof(ulong));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _epoll.Dispose();
        _wake.Dispose();
    }

    private void Acknowledge()
    {
        ulong count;
        _ = read(_wake.Descriptor, &count, sizeof(ulong));
    }

    private void Control(int operation, StreamSocket socket, long token, Readiness interest)
    {
        byte* entry = stackalloc byte[16];
        MemoryMarshal.Write(new Span<byte>(entry, sizeof(uint)), (uint)interest | EPOLLET);
        MemoryMarshal.Write(new Span<byte>(entry + s_dataOffset, sizeof(long)), token);
        Check(epoll_ctl(_epoll.Descriptor, operation, socket.Descriptor, entry), "epoll_ctl");
    }
}
