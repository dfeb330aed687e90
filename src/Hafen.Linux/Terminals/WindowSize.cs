using System.Runtime.InteropServices;

namespace Hafen.Linux.Terminals;

/// <summary>A terminal's size in characters (struct winsize; the pixel sizes are not used by anybody and stay 0).</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct WindowSize
{
    private readonly ushort _rows;
    private readonly ushort _columns;
    private readonly ushort _horizontalPixels;
    private readonly ushort _verticalPixels;

    public WindowSize(int height, int width)
    {
        _rows = (ushort)Math.Clamp(height, 0, ushort.MaxValue);
        _columns = (ushort)Math.Clamp(width, 0, ushort.MaxValue);
    }

    /// <summary>Rows.</summary>
    public int Height => _rows;

    /// <summary>Columns.</summary>
    public int Width => _columns;
}
