namespace Hafen.Linux.Cgroups;

/// <summary>
/// Writes a <see cref="DevicePolicy"/> as a <c>BPF_PROG_TYPE_CGROUP_DEVICE</c> program. The context (linux/bpf.h,
/// <c>struct bpf_cgroup_dev_ctx</c>) holds type and access, major and minor as three 32-bit numbers; the result is 1 to allow.
/// </summary>
public static class DeviceProgram
{
    private const byte LoadWord = 0x61, AndImmediate = 0x54, ShiftRight = 0x74, MoveRegister = 0xBC, MoveImmediate = 0xB7,
        JumpIfNotEqual = 0x55, JumpIfRegistersDiffer = 0x5D, JumpIfZeroMask = 0x45, JumpAlways = 0x05, Exit = 0x95;

    private const byte Result = 0, Context = 1, Type = 2, Access = 3, Major = 4, Minor = 5;

    private const int BlockDevice = 1, CharacterDevice = 2;

    /// <summary>The instructions, each as the eight bytes of <c>struct bpf_insn</c> in host order.</summary>
    public static ulong[] Assemble(DevicePolicy policy)
    {
        List<ulong> program =
        [
            Instruction(LoadWord, Type, Context, 0),
            Instruction(MoveRegister, Access, Type),
            Instruction(AndImmediate, Type, immediate: 0xFFFF),
            Instruction(ShiftRight, Access, immediate: 16),
            Instruction(LoadWord, Major, Context, 4),
            Instruction(LoadWord, Minor, Context, 8),
        ];
        foreach (var (entry, access) in policy.Exceptions)
            AppendException(program, entry, access, policy.AllowsByDefault);
        program.Add(Instruction(MoveImmediate, Result, immediate: policy.AllowsByDefault ? 1 : 0));
        program.Add(Instruction(Exit));
        return [.. program];
    }

    /// <summary>An access covered by the exception ends with the opposite of the default, else the next block runs.</summary>
    private static void AppendException(List<ulong> program, DeviceEntry entry, DeviceAccess access, bool allowsByDefault)
    {
        var block = new List<ulong>();
        var jumpsToNext = new List<int>();
        void UnlessEqual(byte register, long value)
        {
            jumpsToNext.Add(block.Count);
            block.Add(Instruction(JumpIfNotEqual, register, immediate: (int)value));
        }

        UnlessEqual(Type, entry.Type == 'b' ? BlockDevice : CharacterDevice);
        if (entry.Major != DeviceEntry.Any)
            UnlessEqual(Major, entry.Major);
        if (entry.Minor != DeviceEntry.Any)
            UnlessEqual(Minor, entry.Minor);
        if (access != DeviceAccess.All && !allowsByDefault)
        {
            // Allowed only when everything asked for is covered. R1 held the context, which is no longer needed.
            block.Add(Instruction(MoveRegister, Context, Access));
            block.Add(Instruction(AndImmediate, Context, immediate: (int)access));
            jumpsToNext.Add(block.Count);
            block.Add(Instruction(JumpIfRegistersDiffer, Context, Access));
        }
        else if (access != DeviceAccess.All)
        {
            // Denied as soon as anything asked for is covered.
            block.Add(Instruction(JumpIfZeroMask, Access, offset: 1, immediate: (int)access));
            jumpsToNext.Add(block.Count);
            block.Add(Instruction(JumpAlways));
        }

        block.Add(Instruction(MoveImmediate, Result, immediate: allowsByDefault ? 0 : 1));
        block.Add(Instruction(Exit));
        foreach (int index in jumpsToNext)
            block[index] |= (ulong)(ushort)(block.Count - index - 1) << 16;
        program.AddRange(block);
    }

    private static ulong Instruction(byte code, byte target = 0, byte source = 0, short offset = 0, int immediate = 0) =>
        code | (ulong)(byte)(target | (source << 4)) << 8 | (ulong)(ushort)offset << 16 | (ulong)(uint)immediate << 32;
}
