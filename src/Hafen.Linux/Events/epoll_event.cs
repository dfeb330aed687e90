using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hafen.Linux.Events;

/// <summary>
/// One readiness report (sys/epoll.h). The kernel packs it to 12 bytes on x86-64 only; elsewhere it has its natural 16, so the layout is
/// read through <see cref="EventList"/> and never taken from this type's size.
/// </summary>
public readonly record struct epoll_event(uint events, ulong data);

/// <summary>Buffer for <c>epoll_wait</c>, in the kernel's layout of this architecture.</summary>
public sealed unsafe class EventList : IDisposable
{
    private static readonly int s_stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private readonly byte* _memory;

    public EventList(int capacity)
    {
        Capacity = capacity;
        _memory = (byte*)NativeMemory.AllocZeroed((nuint)(capacity * s_stride));
    }

    public int Capacity { get; }

    internal byte* Memory => _memory;

    public epoll_event this[int index] =>
        new(Unsafe.ReadUnaligned<uint>(_memory + index * s_stride), Unsafe.ReadUnaligned<ulong>(_memory + index * s_stride + s_stride - 8));

    internal static void Write(byte* memory, uint events, ulong data)
    {
        Unsafe.WriteUnaligned(memory, events);
        Unsafe.WriteUnaligned(memory + s_stride - 8, data);
    }

    public void Dispose() => NativeMemory.Free(_memory);
}
