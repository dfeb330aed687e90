using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hafen.Linux.Terminals;

/// <summary>A terminal's attributes (struct termios), laid out as the C library has them (termios-struct.h, 60 bytes).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TerminalAttributes
{
    public uint c_iflag;
    public uint c_oflag;
    public uint c_cflag;
    public uint c_lflag;
    public byte c_line;
    public ControlCharacters c_cc;
    public uint c_ispeed;
    public uint c_ospeed;

    /// <summary>The control characters (NCCS = 32).</summary>
    [InlineArray(32)]
    public struct ControlCharacters
    {
        private byte _first;
    }
}
