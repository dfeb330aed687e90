namespace Hafen.Linux.Tests.Cgroups;

/// <summary>Runs the few eBPF instructions that device programs use, refusing what the kernel's verifier would.</summary>
internal static class BpfMachine
{
    public static ulong Run(ulong[] program, params uint[] context)
    {
        ulong[] registers = new ulong[11];
        bool[] valid = new bool[11];
        valid[1] = true;
        bool contextInR1 = true;
        for (int at = 0; ; at++)
        {
            ulong instruction = program[at];
            byte code = (byte)instruction;
            int target = (int)(instruction >> 8 & 15), source = (int)(instruction >> 12 & 15);
            short offset = (short)(instruction >> 16);
            int immediate = (int)(instruction >> 32);
            switch (code)
            {
                case 0x61:
                    Assert.True(source == 1 && contextInR1, "load from something that is not the context");
                    (registers[target], valid[target]) = (context[offset / 4], true);
                    break;
                case 0x54:
                    Assert.True(valid[target]);
                    registers[target] = (uint)registers[target] & (uint)immediate;
                    break;
                case 0x74:
                    Assert.True(valid[target]);
                    registers[target] = (uint)registers[target] >> immediate;
                    break;
                case 0xBC:
                    Assert.True(valid[source]);
                    contextInR1 &= target != 1;
                    (registers[target], valid[target]) = ((uint)registers[source], true);
                    break;
                case 0xB7:
                    (registers[target], valid[target]) = ((ulong)immediate, true);
                    break;
                case 0x55:
                    at += registers[target] != (ulong)immediate ? offset : 0;
                    break;
                case 0x5D:
                    at += registers[target] != registers[source] ? offset : 0;
                    break;
                case 0x45:
                    at += (registers[target] & (ulong)immediate) != 0 ? offset : 0;
                    break;
                case 0x05:
                    at += offset;
                    break;
                case 0x95:
                    Assert.True(valid[0]);
                    return registers[0];
                default:
                    Assert.Fail($"unknown instruction {code:x2}");
                    break;
            }
        }
    }
}
