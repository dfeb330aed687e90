using System.Runtime.InteropServices;

namespace Hafen.Linux.Capabilities;

/// <summary>Two consecutive <c>struct __user_cap_data_struct</c>: low halves of the sets, then high halves.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CapabilityData
{
    public uint Effective0;
    public uint Permitted0;
    public uint Inheritable0;
    public uint Effective1;
    public uint Permitted1;
    public uint Inheritable1;
}
