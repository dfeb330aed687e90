using System.Text;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;

namespace Hafen.Linux.Mounts;

/// <summary>A file system that is being configured (fsopen(2)).</summary>
public static unsafe class FileSystemContext
{
    /// <exception cref="LinuxException">The kernel does not have the type.</exception>
    public static Descriptor Open(string type)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(type + '\0'))
        {
            nint result = SystemCall.Call(SystemCall.fsopen, (nint)bytes, MountFlags.FSOPEN_CLOEXEC);
            return result >= 0 ? new Descriptor((int)result) : throw new LinuxException((int)-result, "fsopen", type);
        }
    }

    /// <summary>Sets a parameter to a descriptor; false when this kernel's file system has no such parameter.</summary>
    public static bool TrySet(int context, string parameter, int descriptor)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(parameter + '\0'))
        {
            nint result = SystemCall.Call(SystemCall.fsconfig, context, MountFlags.FSCONFIG_SET_FD, (nint)bytes, 0, descriptor);
            return result switch
            {
                >= 0 => true,
                -Errno.EINVAL => false,
                _ => throw new LinuxException((int)-result, "fsconfig", parameter),
            };
        }
    }
}
