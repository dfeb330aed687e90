using System.Runtime.InteropServices;

namespace Hafen.Linux.Descriptors;

/// <summary>
/// Anonymous memory outside the garbage collector whose pages can be given back while the address range stays: an idle buffer costs nothing.
/// </summary>
public sealed unsafe partial class MappedMemory : IDisposable
{
    private const int PROT_READ = 1, PROT_WRITE = 2, MAP_PRIVATE = 2, MAP_ANONYMOUS = 0x20, MADV_DONTNEED = 4, MADV_NOHUGEPAGE = 15;
    private byte* _start;

    /// <exception cref="LinuxException">ENOMEM.</exception>
    public MappedMemory(int length)
    {
        Length = length;
        _start = (byte*)mmap(null, (nuint)length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if ((nint)_start == -1)
            throw new LinuxException(Marshal.GetLastPInvokeError(), "mmap");

        // One huge page would make a buffer of which 100 bytes are used cost 2 MiB.
        madvise(_start, (nuint)length, MADV_NOHUGEPAGE);
    }

    /// <summary>Bytes.</summary>
    public int Length { get; }

    public Span<byte> Span => new(_start, Length);

    /// <summary>Gives the pages back to the kernel; the content becomes zeros.</summary>
    public void Release() => madvise(_start, (nuint)Length, MADV_DONTNEED);

    public void Dispose()
    {
        if (_start == null)
            return;
        munmap(_start, (nuint)Length);
        _start = null;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial void* mmap(void* address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport("libc")]
    private static partial int munmap(void* address, nuint length);

    [LibraryImport("libc")]
    private static partial int madvise(void* address, nuint length, int advice);
}
