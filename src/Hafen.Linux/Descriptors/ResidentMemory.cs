using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace Hafen.Linux.Descriptors;

/// <summary>Makes a process that is going to wait for long small: pages that can be had again are given back.</summary>
public static unsafe partial class ResidentMemory
{
    private const int MADV_DONTNEED = 4;

    /// <summary>
    /// Unmaps the clean pages of this process's files (its code, for the most part); those it needs come back from the page cache when they are touched.
    /// Mappings with private pages are left alone: dropping those would lose what was written to them, relocations for instance.
    /// </summary>
    public static void DropCleanFilePages()
    {
        malloc_trim(0);
        foreach (var (start, length) in CleanFileMappings(File.ReadAllBytes("/proc/self/smaps")))
            madvise((void*)start, length, MADV_DONTNEED);
    }

    /// <summary>The file mappings of an <c>smaps</c> text (proc_pid_smaps(5)) that hold no private page and cannot get one by a write.</summary>
    public static List<(nuint Start, nuint Length)> CleanFileMappings(ReadOnlySpan<byte> smaps)
    {
        var found = new List<(nuint, nuint)>();
        (nuint Start, nuint Length) current = default;
        while (!smaps.IsEmpty)
        {
            var end = smaps.IndexOf((byte)'\n');
            var line = end < 0 ? smaps : smaps[..end];
            smaps = end < 0 ? default : smaps[(end + 1)..];
            if (TryReadHeader(line, out var start, out var stop, out var file))
                current = file ? (start, stop - start) : default;
            else if (current.Length > 0 && line.StartsWith("Anonymous:"u8))
            {
                if (line["Anonymous:".Length..].TrimStart((byte)' ').SequenceEqual("0 kB"u8))
                    found.Add(current);
                current = default;
            }
        }
        return found;
    }

    // 7f12a0000000-7f12a0021000 r-xp 00000000 08:01 1234   /path
    private static bool TryReadHeader(ReadOnlySpan<byte> line, out nuint start, out nuint stop, out bool readOnlyFile)
    {
        start = stop = 0;
        readOnlyFile = false;
        if (!Utf8Parser.TryParse(line, out ulong first, out var consumed, 'x') || consumed >= line.Length || line[consumed] != '-')
            return false;
        line = line[(consumed + 1)..];
        if (!Utf8Parser.TryParse(line, out ulong last, out consumed, 'x') || line.Length < consumed + 5)
            return false;
        start = (nuint)first;
        stop = (nuint)last;
        var permissions = line.Slice(consumed + 1, 4);
        readOnlyFile = permissions[1] == '-' && permissions[3] == 'p' && line.IndexOf((byte)'/') > 0;
        return true;
    }

    [LibraryImport("libc")]
    private static partial int madvise(void* address, nuint length, int advice);

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);
}
