using Hafen.Linux;
using Hafen.Linux.FileSystem;
using static Hafen.Linux.Processes.SystemCall;

namespace Hafen.Runtime.Init;

/// <summary>
/// Paths below the container's root. The kernel resolves them (openat2 with RESOLVE_IN_ROOT), so links of the image lead back into the root,
/// whoever swaps them meanwhile (CVE-2019-16884, CVE-2021-30465); what was resolved is held by descriptor and never looked up by name again.
/// </summary>
internal static unsafe class ChildPaths
{
    public const int PathRoom = 8192;
    private const int MaxLinks = 40;

    public static int Directory => OpenFlags.O_PATH | OpenFlags.O_DIRECTORY | OpenFlags.O_CLOEXEC;

    /// <summary>Opens a path in the root.</summary>
    /// <returns>A descriptor or a negative errno.</returns>
    public static nint Open(int root, byte* path, int flags)
    {
        const ulong Resolve = OpenFlags.RESOLVE_IN_ROOT | OpenFlags.RESOLVE_NO_MAGICLINKS;
        return OpenWith(root, path, flags, Resolve);
    }

    /// <summary>openat2, tried again while the kernel says that something was renamed during the walk.</summary>
    public static nint OpenWith(int directory, byte* path, int flags, ulong resolve)
    {
        open_how how;
        how.flags = (ulong)(uint)(flags | OpenFlags.O_CLOEXEC);
        how.mode = 0;
        how.resolve = resolve;
        nint result = -Errno.EAGAIN;
        for (int i = 0; i < 128 && (result == -Errno.EAGAIN || result == -Errno.EINTR); i++)
            result = Direct(openat2, directory, (nint)path, (nint)(&how), sizeof(open_how));
        return result;
    }

    /// <summary>Opens (O_PATH) a folder or file in the root, making it and the folders above when missing.</summary>
    /// <returns>A descriptor or a negative errno.</returns>
    public static nint Ensure(int root, byte* path, bool folder)
    {
        nint result = Open(root, path, OpenFlags.O_PATH);
        if (result != -Errno.ENOENT)
            return result;
        byte* work = stackalloc byte[PathRoom];
        if (!NativeText.Copy(work, PathRoom, path))
            return -Errno.ENAMETOOLONG;
        for (int links = 0; links < MaxLinks; links++)
        {
            result = MakeAll(root, work, folder);
            // A dangling link was replaced by what it names: make that.
            if (result != -Errno.EAGAIN)
                return result < 0 ? result : Open(root, path, OpenFlags.O_PATH);
        }

        return -Errno.ELOOP;
    }

    /// <summary>Splits a clean path at its last slash and opens the folder before it, made when missing.</summary>
    /// <param name="name">Receives the last component, a pointer into <paramref name="path"/>.</param>
    public static nint EnsureParent(int root, byte* path, byte** name)
    {
        byte* parent = stackalloc byte[PathRoom];
        if (!NativeText.Copy(parent, PathRoom, path))
            return -Errno.ENAMETOOLONG;
        int slash = NativeText.Length(path) - 1;
        while (slash >= 0 && path[slash] != '/')
            slash--;
        *name = path + slash + 1;
        if (slash <= 0)
            return Direct(openat, root, (nint)Dot(), Directory);
        parent[slash] = 0;
        return Ensure(root, parent, folder: true);
    }

    /// <summary>Makes every missing component of <paramref name="work"/>. EAGAIN: a dangling link was expanded into it, begin again.</summary>
    private static nint MakeAll(int root, byte* work, bool folder)
    {
        int length = NativeText.Length(work);
        int start = 0;
        while (start < length)
        {
            if (work[start] == '/')
            {
                start++;
                continue;
            }

            int end = start;
            while (end < length && work[end] != '/')
                end++;
            bool last = true;
            for (int i = end; i < length; i++)
                last &= work[i] == '/';
            nint result = MakeOne(root, work, start, end, !last || folder);
            if (result < 0)
                return result;
            start = end;
        }

        return 0;
    }

    private static nint MakeOne(int root, byte* work, int start, int end, bool folder)
    {
        byte after = work[end];
        work[end] = 0;
        nint present = Open(root, work, OpenFlags.O_PATH);
        if (present != -Errno.ENOENT)
        {
            work[end] = after;
            if (present >= 0)
                Direct(close, present);
            return present < 0 ? present : 0;
        }

        nint parent = OpenParent(root, work, start);
        if (parent < 0)
        {
            work[end] = after;
            return parent;
        }

        byte* target = stackalloc byte[PathRoom];
        nint link = Direct(readlinkat, parent, (nint)(work + start), (nint)target, PathRoom - 1);
        nint result;
        if (link >= 0)
        {
            target[link] = 0;
            work[end] = after;
            result = Expand(work, start, end, target);
        }
        else
        {
            result = folder ? Direct(mkdirat, parent, (nint)(work + start), 0x1ED) : MakeFile((int)parent, work + start);
            work[end] = after;
            // Somebody was faster; the walk decides whether what is there will do.
            if (result == -Errno.EEXIST)
                result = 0;
        }

        Direct(close, parent);
        return result;
    }

    private static nint OpenParent(int root, byte* work, int start)
    {
        if (start <= 1)
            return Direct(openat, root, (nint)Dot(), Directory);
        byte slash = work[start - 1];
        work[start - 1] = 0;
        nint parent = Open(root, work, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        work[start - 1] = slash;
        return parent;
    }

    private static nint MakeFile(int parent, byte* name)
    {
        int flags = OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_WRONLY | OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC;
        nint file = Direct(openat, parent, (nint)name, flags, 0x1A4);
        if (file >= 0)
            Direct(close, file);
        return file < 0 ? file : 0;
    }

    /// <summary>Replaces the component [start, end) by the target of the link that it is.</summary>
    private static nint Expand(byte* work, int start, int end, byte* target)
    {
        byte* expanded = stackalloc byte[PathRoom];
        expanded[0] = 0;
        if (target[0] != '/')
        {
            for (int i = 0; i < start; i++)
                expanded[i] = work[i];
            expanded[start] = 0;
        }

        if (!NativeText.Append(expanded, PathRoom, target) || !NativeText.Append(expanded, PathRoom, work + end))
            return -Errno.ENAMETOOLONG;
        return NativeText.Copy(work, PathRoom, expanded) ? -Errno.EAGAIN : -Errno.ENAMETOOLONG;
    }

    private static byte* Dot()
    {
        fixed (byte* dot = "."u8)
            return dot;
    }
}
