using System.Text;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;

namespace Hafen.Linux.Mounts;

/// <summary>Asks the kernel whether overlayfs works on certain folders, without mounting anything anywhere.</summary>
public static unsafe class OverlayProbe
{
    // fsconfig(2) takes strings of at most 255 bytes.
    private const int MaxString = 255;

    /// <param name="lower">Any folder.</param>
    /// <param name="upper">An empty folder on the file system in question.</param>
    /// <param name="work">Another one beside it.</param>
    /// <returns>0, or the negative errno of the mount; 0 too when the paths are too long to ask.</returns>
    public static int Try(string lower, string upper, string work)
    {
        (string Key, string Value)[] options = [("lowerdir", lower), ("upperdir", upper), ("workdir", work)];
        if (Array.Exists(options, o => Encoding.UTF8.GetByteCount(o.Value) > MaxString))
            return 0;
        const int FSOPEN_CLOEXEC = 1, FSCONFIG_SET_STRING = 1, FSCONFIG_CMD_CREATE = 6;
        nint context;
        fixed (byte* name = "overlay\0"u8)
            context = SystemCall.Call(SystemCall.fsopen, (nint)name, FSOPEN_CLOEXEC);
        if (context < 0)
            return (int)context;
        using Descriptor owner = new((int)context);
        foreach (var (key, value) in options)
        {
            fixed (byte* k = Encoding.UTF8.GetBytes(key + '\0'))
            fixed (byte* v = Encoding.UTF8.GetBytes(value + '\0'))
            {
                nint set = SystemCall.Call(SystemCall.fsconfig, context, FSCONFIG_SET_STRING, (nint)k, (nint)v, 0);
                if (set < 0)
                    return (int)set;
            }
        }

        return (int)SystemCall.Call(SystemCall.fsconfig, context, FSCONFIG_CMD_CREATE, 0, 0, 0);
    }
}
