using Hafen.Linux.Procfs;

namespace Hafen.Linux.Processes;

/// <summary>Where the kernel put the environment of a program at its execve, and where <c>/proc/PID/environ</c> reads it.</summary>
public readonly unsafe struct EnvironmentBlock(byte* start, byte* end)
{
    public byte* Start { get; } = start;

    /// <summary>The byte after the last.</summary>
    public byte* End { get; } = end;

    /// <summary>Asks the kernel; empty when that does not say, as without a procfs.</summary>
    public static EnvironmentBlock OfThisProcess()
    {
        // The fields env_start and env_end of proc(5), counted from the one after the name.
        const int Before = 47;
        Span<byte> buffer = stackalloc byte[1024];
        int length = ProcFile.TryRead("/proc/self/stat", buffer);
        if (length <= 0)
            return default;
        ReadOnlySpan<byte> text = buffer[..length];
        var fields = new FieldReader(text[(text.LastIndexOf((byte)')') + 1)..]);
        fields.Skip(Before);
        ulong start = fields.UInt64();
        ulong end = fields.UInt64();
        return fields.Failed || end < start ? default : new EnvironmentBlock((byte*)start, (byte*)end);
    }
}
