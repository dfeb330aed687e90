using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hafen.Linux.FileSystem;

namespace Hafen.Linux.Descriptors;

/// <summary>
/// The pages of a process's files, its code for the most part: a process that is going to wait for long can give them back, for they come again from the page
/// cache when they are touched. Pages that were written to are the process's own and stay.
/// </summary>
public sealed unsafe partial class ResidentMemory
{
    private const int MADV_DONTNEED = 4;

    // Bits of a pagemap entry (admin-guide/mm/pagemap.rst): present; a page of a file, not a private copy of it.
    private const ulong Present = 1UL << 63, FilePage = 1UL << 61;

    private readonly FileMapping* _mappings;
    private readonly int _count;
    private readonly ulong* _entries;
    private readonly int _pagemap;
    private readonly nuint _pageSize = (nuint)Environment.SystemPageSize;

    /// <summary>Finds the mappings; they stay the same as long as no library is loaded.</summary>
    /// <exception cref="LinuxException">/proc is not there.</exception>
    public ResidentMemory()
    {
        var found = FileMappings(File.ReadAllBytes("/proc/self/maps"));
        nuint longest = 0;
        _mappings = (FileMapping*)NativeMemory.Alloc((nuint)found.Count, (nuint)sizeof(FileMapping));
        foreach (var mapping in found)
        {
            _mappings[_count++] = mapping;
            if (mapping.Written)
                longest = nuint.Max(longest, mapping.Length);
        }
        _entries = (ulong*)NativeMemory.Alloc(longest / _pageSize + 1, sizeof(ulong));
        fixed (byte* path = "/proc/self/pagemap\0"u8)
            _pagemap = open(path, OpenFlags.O_CLOEXEC);
        if (_pagemap < 0)
            throw new LinuxException(Marshal.GetLastPInvokeError(), "open", "/proc/self/pagemap");
    }

    /// <summary>A private mapping of a file.</summary>
    /// <param name="Start">Address.</param>
    /// <param name="Length">Bytes.</param>
    /// <param name="Written">Whether some of its pages may be private copies: it is writable, or was while it was relocated.</param>
    public readonly record struct FileMapping(nuint Start, nuint Length, bool Written);

    /// <summary>Gives the C library's free memory back.</summary>
    public static void Trim() => malloc_trim(0);

    /// <summary>
    /// Drops the pages. Every page touched afterwards comes back with its neighbours, 64 KiB at a time, so nothing but a wait should follow.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Drop()
    {
        for (int i = 0; i < _count; i++)
        {
            if (_mappings[i].Written)
                DropUnwritten(_mappings[i]);
        }
        for (int i = 0; i < _count; i++)
        {
            if (!_mappings[i].Written)
                madvise((void*)_mappings[i].Start, _mappings[i].Length, MADV_DONTNEED);
        }
    }

    /// <summary>The private file mappings in the text of <c>/proc/PID/maps</c> (proc_pid_maps(5)).</summary>
    public static List<FileMapping> FileMappings(ReadOnlySpan<byte> maps)
    {
        var found = new List<FileMapping>();
        foreach (var range in maps.Split((byte)'\n'))
        {
            // 7f12a0000000-7f12a0021000 r-xp 00000000 08:01 1234   /path
            var line = maps[range];
            if (!Utf8Parser.TryParse(line, out ulong start, out int consumed, 'x') || consumed >= line.Length || line[consumed] != '-')
                continue;
            line = line[(consumed + 1)..];
            if (!Utf8Parser.TryParse(line, out ulong stop, out consumed, 'x') || line.Length < consumed + 5 || line.IndexOf((byte)'/') < 0)
                continue;
            var permissions = line.Slice(consumed + 1, 4);

            // Only code is sure to be unwritten: the loader made some of what is read-only now so after it had relocated it.
            if (permissions[0] == 'r' && permissions[3] == 'p')
                found.Add(new FileMapping((nuint)start, (nuint)(stop - start), permissions[2] != 'x'));
        }
        return found;
    }

    private void DropUnwritten(FileMapping mapping)
    {
        int pages = (int)(mapping.Length / _pageSize);
        nint bytes = pread(_pagemap, _entries, (nuint)pages * sizeof(ulong), (long)(mapping.Start / _pageSize * sizeof(ulong)));
        for (int page = 0; page < (int)(bytes / sizeof(ulong)); page++)
        {
            if ((_entries[page] & (Present | FilePage)) == (Present | FilePage))
                madvise((byte*)mapping.Start + (nuint)page * _pageSize, _pageSize, MADV_DONTNEED);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int open(byte* path, int flags);

    [LibraryImport("libc")]
    [SuppressGCTransition]
    private static partial nint pread(int fd, void* buffer, nuint count, long offset);

    [LibraryImport("libc")]
    [SuppressGCTransition]
    private static partial int madvise(void* address, nuint length, int advice);

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);
}
