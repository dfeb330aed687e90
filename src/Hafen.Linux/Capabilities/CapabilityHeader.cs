using System.Runtime.InteropServices;

namespace Hafen.Linux.Capabilities;

/// <summary><c>struct __user_cap_header_struct</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CapabilityHeader
{
    /// <summary><c>_LINUX_CAPABILITY_VERSION_3</c>: 64-bit sets in two halves.</summary>
    public const uint Version3 = 0x20080522;

    public uint Version;
    public int Pid;

    /// <summary>The header for the calling thread.</summary>
    public static CapabilityHeader Self => new() { Version = Version3, Pid = 0 };
}
