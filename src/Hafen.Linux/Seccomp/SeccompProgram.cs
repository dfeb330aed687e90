using System.Runtime.InteropServices;
using Hafen.Oci.Runtime;

namespace Hafen.Linux.Seccomp;

/// <summary>A compiled filter in native memory, for code after a clone: <c>seccomp(SECCOMP_SET_MODE_FILTER, Flags, Fprog)</c>.</summary>
public sealed unsafe class SeccompProgram : IDisposable
{
    private sock_fprog* _fprog;

    private SeccompProgram(sock_fprog* fprog, uint flags)
    {
        _fprog = fprog;
        Flags = flags;
    }

    /// <summary>Pointer to a <c>struct sock_fprog</c>.</summary>
    public nint Fprog => (nint)_fprog;

    /// <summary><c>SECCOMP_FILTER_FLAG_…</c> bits.</summary>
    public uint Flags { get; }

    /// <summary>Takes a program from <see cref="SeccompCompiler.Compile"/> or from a file of <see cref="SeccompPrograms"/>.</summary>
    /// <exception cref="SeccompException">The bytes are no BPF program.</exception>
    public static SeccompProgram Load(ReadOnlySpan<byte> program, uint flags)
    {
        const int InstructionSize = 8;
        if (program.Length == 0 || program.Length % InstructionSize != 0 || program.Length / InstructionSize > ushort.MaxValue)
            throw new SeccompException($"not a compiled seccomp program: {program.Length} bytes");
        byte* memory = (byte*)NativeMemory.Alloc((nuint)(sizeof(sock_fprog) + program.Length));
        program.CopyTo(new Span<byte>(memory + sizeof(sock_fprog), program.Length));
        var fprog = (sock_fprog*)memory;
        fprog->len = (ushort)(program.Length / InstructionSize);
        fprog->filter = memory + sizeof(sock_fprog);
        return new SeccompProgram(fprog, flags);
    }

    /// <summary>
    /// The filter flags a spec asks for, as bits; a listener's when one of its actions notifies. Synchronising threads is accepted and
    /// no bit: a container's filter is installed while there is only one thread.
    /// </summary>
    /// <exception cref="SeccompException">An unknown flag.</exception>
    public static uint FlagsOf(SpecSeccomp spec)
    {
        const uint NewListener = 1u << 3;
        uint flags = Array.Exists(spec.Syscalls ?? [], call => call.Action == "SCMP_ACT_NOTIFY") ? NewListener : 0;
        foreach (string flag in spec.Flags ?? [])
        {
            flags |= flag switch
            {
                "SECCOMP_FILTER_FLAG_TSYNC" => 0u,
                "SECCOMP_FILTER_FLAG_LOG" => 1u << 1,
                "SECCOMP_FILTER_FLAG_SPEC_ALLOW" => 1u << 2,
                "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" => 1u << 5,
                _ => throw new SeccompException($"seccomp flag {flag} is not known"),
            };
        }

        return flags;
    }

    public void Dispose()
    {
        NativeMemory.Free(_fprog);
        _fprog = null;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct sock_fprog
    {
        public ushort len;
        public byte* filter;
    }
}
