namespace Hafen.Linux.Seccomp;

/// <summary>
/// Instructions in front of libseccomp's. A filter that denies with EPERM what it does not know breaks programs that try a newer
/// system call and fall back on ENOSYS only. So numbers above the highest that the profile could mean end here: with the profile's
/// action when the profile names the call although libseccomp does not know it yet, otherwise with ENOSYS. Everything else passes on
/// after a handful of instructions.
/// </summary>
internal static class SeccompPrologue
{
    private const ushort LoadWord = 0x20, JumpAlways = 0x05, JumpIfEqual = 0x15, JumpIfGreater = 0x25, JumpIfBitSet = 0x45, Return = 0x06;

    // struct seccomp_data: the call's number, then the architecture.
    private const uint NumberOffset = 0, ArchitectureOffset = 4;
    private const uint X32Bit = 0x4000_0000;
    private const uint NoSys = SeccompAction.Errno | Linux.Errno.ENOSYS;

    /// <param name="Token">The architecture as the kernel reports it (<c>AUDIT_ARCH_…</c>).</param>
    /// <param name="Highest">Highest number the profile names in the normal numbering; -1 leaves such calls to the filter.</param>
    /// <param name="HighestX32">The same for x32 calls, which carry bit 30; -1 leaves them to the filter.</param>
    public readonly record struct Section(uint Token, int Highest, int HighestX32);

    /// <summary>The instructions as <c>struct sock_filter</c> values.</summary>
    /// <param name="sections">One an architecture.</param>
    /// <param name="extra">Calls that libseccomp does not know, number and action.</param>
    public static ulong[] Assemble(IReadOnlyList<Section> sections, IReadOnlyList<(int Number, uint Action)> extra)
    {
        var program = new List<ulong> { Instruction(LoadWord, ArchitectureOffset) };
        var passes = new List<int>();
        foreach (var section in sections)
        {
            var code = Code(section, extra, out var passesInside);
            if (code.Count > byte.MaxValue)
                throw new SeccompException($"seccomp profile names too many unknown system calls ({extra.Count})");
            program.Add(Instruction(JumpIfEqual, section.Token, whenTrue: 0, whenFalse: (byte)code.Count));
            passes.AddRange(passesInside.Select(index => index + program.Count));
            program.AddRange(code);
        }

        foreach (int index in passes)
            program[index] |= (ulong)(uint)(program.Count - index - 1) << 32;
        return [.. program];
    }

    private static List<ulong> Code(Section section, IReadOnlyList<(int Number, uint Action)> extra, out List<int> passes)
    {
        var code = new List<ulong> { Instruction(LoadWord, NumberOffset) };
        passes = [];
        bool both = section.HighestX32 >= 0 || IsX86_64(section.Token);
        if (both)
        {
            var x32 = Check(section.HighestX32, extra, X32Bit, out int x32Pass);
            code.Add(Instruction(JumpIfBitSet, X32Bit, whenTrue: 0, whenFalse: (byte)x32.Count));
            passes.Add(code.Count + x32Pass);
            code.AddRange(x32);
        }

        var normal = Check(section.Highest, extra, 0, out int pass);
        passes.Add(code.Count + pass);
        code.AddRange(normal);
        return code;
    }

    /// <summary>Compares the loaded number; the instruction at <paramref name="pass"/> jumps to the filter.</summary>
    private static List<ulong> Check(int highest, IReadOnlyList<(int Number, uint Action)> extra, uint bit, out int pass)
    {
        var code = new List<ulong>();
        if (highest >= 0)
        {
            var above = new List<ulong>();
            foreach ((int number, uint action) in extra)
            {
                if (((uint)number | bit) <= (uint)highest)
                    continue;
                above.Add(Instruction(JumpIfEqual, (uint)number | bit, whenTrue: 0, whenFalse: 1));
                above.Add(Instruction(Return, action));
            }

            above.Add(Instruction(Return, NoSys));
            code.Add(Instruction(JumpIfGreater, (uint)highest, whenTrue: 0, whenFalse: (byte)above.Count));
            code.AddRange(above);
        }

        pass = code.Count;
        code.Add(Instruction(JumpAlways, 0));
        return code;
    }

    private static bool IsX86_64(uint token) => token == 0xC000_003E;

    private static ulong Instruction(ushort code, uint k, byte whenTrue = 0, byte whenFalse = 0) =>
        code | (ulong)whenTrue << 16 | (ulong)whenFalse << 24 | (ulong)k << 32;
}
