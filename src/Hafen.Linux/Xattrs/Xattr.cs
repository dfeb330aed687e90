using System.Runtime.InteropServices;
using System.Text;
using Hafen.Linux.Trees;

namespace Hafen.Linux.Xattrs;

/// <summary>Extended attributes (xattr(7)). Results are the kernel's, with errors as negative errno.</summary>
public static unsafe partial class Xattr
{
    public static int Set(int descriptor, string name, ReadOnlySpan<byte> value)
    {
        fixed (byte* n = Terminated(name))
        fixed (byte* v = value)
            return Result(fsetxattr(descriptor, n, v, (nuint)value.Length, 0));
    }

    /// <summary>Sets on the name itself; setxattrat(2) is too new, so the folder is reached through /proc.</summary>
    public static int Set(int directory, string path, string name, ReadOnlySpan<byte> value)
    {
        fixed (byte* p = Terminated($"/proc/self/fd/{directory}/{path}"))
        fixed (byte* n = Terminated(name))
        fixed (byte* v = value)
            return Result(lsetxattr(p, n, v, (nuint)value.Length, 0));
    }

    /// <summary>A value of the name itself, or null when there is none or it cannot be read.</summary>
    public static byte[]? Get(int directory, string path, string name)
    {
        fixed (byte* p = Terminated($"/proc/self/fd/{directory}/{path}"))
        fixed (byte* n = Terminated(name))
        {
            int size = Result((int)lgetxattr(p, n, null, 0));
            if (size < 0)
                return null;
            byte[] value = new byte[size];
            fixed (byte* v = value)
                size = Result((int)lgetxattr(p, n, v, (nuint)value.Length));
            return size < 0 ? null : value[..size];
        }
    }

    /// <summary>All names on the name itself; empty when the file system knows none.</summary>
    public static string[] List(int directory, string path)
    {
        fixed (byte* p = Terminated($"/proc/self/fd/{directory}/{path}"))
        {
            int size = Result((int)llistxattr(p, null, 0));
            if (size <= 0)
                return [];
            byte[] names = new byte[size];
            fixed (byte* n = names)
                size = Result((int)llistxattr(p, n, (nuint)names.Length));
            return size <= 0 ? [] : BytePath.FromBytes(names.AsSpan(0, size)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    /// <summary>A value of an open file (not O_PATH), or null when there is none or it cannot be read.</summary>
    public static byte[]? Get(int descriptor, string name)
    {
        fixed (byte* n = Terminated(name))
        {
            int size = Result((int)fgetxattr(descriptor, n, null, 0));
            if (size < 0)
                return null;
            byte[] value = new byte[size];
            fixed (byte* v = value)
                size = Result((int)fgetxattr(descriptor, n, v, (nuint)value.Length));
            return size < 0 ? null : value[..size];
        }
    }

    /// <summary>All names on an open file (not O_PATH); empty when the file system knows none.</summary>
    public static string[] List(int descriptor)
    {
        int size = Result((int)flistxattr(descriptor, null, 0));
        if (size <= 0)
            return [];
        byte[] names = new byte[size];
        fixed (byte* n = names)
            size = Result((int)flistxattr(descriptor, n, (nuint)names.Length));
        return size <= 0 ? [] : BytePath.FromBytes(names.AsSpan(0, size)).Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    private static byte[] Terminated(string text) => Encoding.Latin1.GetBytes(text + '\0');

    private static int Result(int result) => result < 0 ? -Marshal.GetLastPInvokeError() : result;

    [LibraryImport("libc", SetLastError = true)] private static partial int fsetxattr(int fd, byte* name, byte* value, nuint size, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int lsetxattr(byte* path, byte* name, byte* value, nuint size, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial nint fgetxattr(int fd, byte* name, byte* value, nuint size);
    [LibraryImport("libc", SetLastError = true)] private static partial nint flistxattr(int fd, byte* list, nuint size);
    [LibraryImport("libc", SetLastError = true)] private static partial nint lgetxattr(byte* path, byte* name, byte* value, nuint size);
    [LibraryImport("libc", SetLastError = true)] private static partial nint llistxattr(byte* path, byte* list, nuint size);
}
