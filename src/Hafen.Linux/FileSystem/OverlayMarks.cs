using System.Runtime.InteropServices;
using System.Text;

namespace Hafen.Linux.FileSystem;

/// <summary>Marks that overlayfs leaves in its upper folders (kernel, filesystems/overlayfs: "whiteouts and opaque directories").</summary>
public static unsafe partial class OverlayMarks
{
    /// <summary>A removed name: a character device 0/0.</summary>
    public static bool IsWhiteout(in statx_t status)
        => status.Type == statx_t.S_IFCHR && status.stx_rdev_major == 0 && status.stx_rdev_minor == 0;

    /// <summary>A folder that hides what the layers below hold at its place.</summary>
    public static bool IsOpaque(string folder)
    {
        byte value = 0;
        fixed (byte* path = Encoding.UTF8.GetBytes(folder + '\0'))
        fixed (byte* name = "trusted.overlay.opaque\0"u8)
            return lgetxattr(path, name, &value, 1) == 1 && value == (byte)'y';
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint lgetxattr(byte* path, byte* name, byte* value, nuint size);
}
