using System.Buffers.Binary;
using System.Runtime.Intrinsics.X86;

namespace Hafen.Linux.Seccomp;

/// <summary>Runs a compiled filter as the kernel does (classic BPF over <c>struct seccomp_data</c>, bpf(4)), to learn what it says of a system call.</summary>
public static class SeccompEvaluator
{
    private const int InstructionSize = 8, DataSize = 64, MemoryWords = 16;
    private const uint AUDIT_ARCH_X86_64 = 0xC000003E, AUDIT_ARCH_AARCH64 = 0xC00000B7;
    private const uint SECCOMP_RET_KILL_PROCESS = 0x80000000, SECCOMP_RET_ALLOW = 0x7FFF0000, SECCOMP_RET_LOG = 0x7FFC0000, SECCOMP_RET_ACTION_FULL = 0xFFFF0000;

    // Classes and the parts of an instruction's code (linux/bpf_common.h).
    private const int BPF_LD = 0, BPF_LDX = 1, BPF_ST = 2, BPF_STX = 3, BPF_ALU = 4, BPF_JMP = 5, BPF_RET = 6, BPF_MISC = 7;
    private const int BPF_X = 0x08, BPF_IMM = 0x00, BPF_ABS = 0x20, BPF_MEM = 0x60, BPF_A = 0x10, BPF_TXA = 0x80;

    /// <summary>Whether a call of this architecture is let through. A program that this does not understand lets nothing through.</summary>
    /// <param name="program">The compiled filter, an array of <c>struct sock_filter</c>.</param>
    /// <param name="call">Number of the system call.</param>
    /// <param name="arguments">Its arguments; those left out are zero.</param>
    public static bool Allows(ReadOnlySpan<byte> program, int call, params ReadOnlySpan<ulong> arguments)
    {
        Span<byte> data = stackalloc byte[DataSize];
        data.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(data, call);
        BinaryPrimitives.WriteUInt32LittleEndian(data[4..], X86Base.IsSupported ? AUDIT_ARCH_X86_64 : AUDIT_ARCH_AARCH64);
        for (int i = 0; i < arguments.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(data[(16 + i * 8)..], arguments[i]);
        return (Evaluate(program, data) & SECCOMP_RET_ACTION_FULL) is SECCOMP_RET_ALLOW or SECCOMP_RET_LOG;
    }

    private static uint Evaluate(ReadOnlySpan<byte> program, ReadOnlySpan<byte> data)
    {
        Span<uint> memory = stackalloc uint[MemoryWords];
        memory.Clear();
        uint a = 0, x = 0;
        // Jumps lead forward only, so the loop ends.
        for (long at = 0; at >= 0 && (at + 1) * InstructionSize <= program.Length; at++)
        {
            var instruction = program[(int)(at * InstructionSize)..];
            int code = BinaryPrimitives.ReadUInt16LittleEndian(instruction);
            uint k = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]);
            uint operand = (code & BPF_X) != 0 ? x : k;
            switch (code & 7)
            {
                case BPF_LD when (code & 0xE0) == BPF_ABS && k <= DataSize - 4 && k % 4 == 0:
                    a = BinaryPrimitives.ReadUInt32LittleEndian(data[(int)k..]);
                    break;
                case BPF_LD when (code & 0xE0) == BPF_IMM:
                    a = k;
                    break;
                case BPF_LD when (code & 0xE0) == BPF_MEM && k < MemoryWords:
                    a = memory[(int)k];
                    break;
                case BPF_LDX when (code & 0xE0) == BPF_IMM:
                    x = k;
                    break;
                case BPF_LDX when (code & 0xE0) == BPF_MEM && k < MemoryWords:
                    x = memory[(int)k];
                    break;
                case BPF_ST when k < MemoryWords:
                    memory[(int)k] = a;
                    break;
                case BPF_STX when k < MemoryWords:
                    memory[(int)k] = x;
                    break;
                case BPF_ALU when Compute(code & 0xF0, a, operand) is { } result:
                    a = result;
                    break;
                case BPF_JMP when (code & 0xF0) == 0:
                    at += k;
                    break;
                case BPF_JMP when Holds(code & 0xF0, a, operand) is { } holds:
                    at += holds ? instruction[2] : instruction[3];
                    break;
                case BPF_RET:
                    return (code & 0x18) == BPF_A ? a : k;
                case BPF_MISC:
                    if ((code & 0xF8) == BPF_TXA)
                        a = x;
                    else
                        x = a;
                    break;
                default:
                    return SECCOMP_RET_KILL_PROCESS;
            }
        }

        return SECCOMP_RET_KILL_PROCESS;
    }

    private static uint? Compute(int operation, uint a, uint operand) => operation switch
    {
        0x00 => a + operand,
        0x10 => a - operand,
        0x20 => a * operand,
        0x30 => operand == 0 ? null : a / operand,
        0x40 => a | operand,
        0x50 => a & operand,
        0x60 => operand < 32 ? a << (int)operand : 0,
        0x70 => operand < 32 ? a >> (int)operand : 0,
        0x80 => 0 - a,
        0xA0 => a ^ operand,
        _ => null,
    };

    private static bool? Holds(int operation, uint a, uint operand) => operation switch
    {
        0x10 => a == operand,
        0x20 => a > operand,
        0x30 => a >= operand,
        0x40 => (a & operand) != 0,
        _ => null,
    };
}
