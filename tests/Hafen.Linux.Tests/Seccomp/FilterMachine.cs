using System.Runtime.InteropServices;

namespace Hafen.Linux.Tests.Seccomp;

/// <summary>Runs a classic BPF program over one <c>struct seccomp_data</c>, with the kernel's rules on what such a program may do.</summary>
internal static class FilterMachine
{
    public const uint X86_64 = 0xC000003E, I386 = 0x40000003, Aarch64 = 0xC00000B7;

    public static uint Run(byte[] program, int number, uint architecture, params ulong[] arguments)
    {
        ReadOnlySpan<ulong> instructions = MemoryMarshal.Cast<byte, ulong>(program);
        uint accumulator = 0, index = 0;
        uint[] memory = new uint[16];
        for (int at = 0; ; at++)
        {
            ulong instruction = instructions[at];
            ushort code = (ushort)instruction;
            int whenTrue = (byte)(instruction >> 16), whenFalse = (byte)(instruction >> 24);
            uint k = (uint)(instruction >> 32);
            bool Jump(bool condition)
            {
                at += condition ? whenTrue : whenFalse;
                return true;
            }

            _ = code switch
            {
                0x20 => Set(ref accumulator, Load(k, number, architecture, arguments)),
                0x60 => Set(ref accumulator, memory[k]),
                0x02 => Set(ref memory[k], accumulator),
                0x07 => Set(ref index, accumulator),
                0x54 => Set(ref accumulator, accumulator & k),
                0x05 => Set(ref at, at + (int)k),
                0x15 => Jump(accumulator == k),
                0x25 => Jump(accumulator > k),
                0x35 => Jump(accumulator >= k),
                0x45 => Jump((accumulator & k) != 0),
                0x06 => true,
                _ => throw new InvalidOperationException($"instruction {code:x} at {at}"),
            };
            if (code == 0x06)
                return k;
        }
    }

    private static bool Set<T>(ref T target, T value)
    {
        target = value;
        return true;
    }

    private static uint Load(uint offset, int number, uint architecture, ulong[] arguments)
    {
        if (offset is 0)
            return (uint)number;
        if (offset is 4)
            return architecture;
        int argument = ((int)offset - 16) / 8;
        ulong value = argument < arguments.Length ? arguments[argument] : 0;
        return offset % 8 == 0 ? (uint)value : (uint)(value >> 32);
    }
}
