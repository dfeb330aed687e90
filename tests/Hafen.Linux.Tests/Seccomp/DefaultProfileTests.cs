using Hafen.Linux.Capabilities;
using Hafen.Linux.Seccomp;
using Hafen.Oci.Runtime;

namespace Hafen.Linux.Tests.Seccomp;

/// <summary>The compiled default profile, run instruction by instruction, against what the rules say.</summary>
public sealed class DefaultProfileTests
{
    private const uint Allow = 0x7fff0000, Eperm = 0x00050001, Enosys = 0x00050026;
    private const int Clone = 56, Clone3 = 435, Socket = 41, Personality = 135, Mount = 165, Ptrace = 101, X32 = 0x40000000;
    private static readonly KernelVersion s_kernel = new(6, 1);

    private static byte[] Program(params string[] added) =>
        SeccompCompiler.Compile(Resolve(added));

    private static SpecSeccomp Resolve(params string[] added) =>
        SeccompProfile.Default.Resolve([.. ContainerCapabilities.Default, .. added], "amd64", s_kernel)!;

    /// <summary>Every number of the table gets the decision that the resolved rules give its name.</summary>
    [Theory]
    [InlineData]
    [InlineData("CAP_SYS_ADMIN")]
    [InlineData("CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_SYS_TIME", "CAP_SYS_MODULE", "CAP_BPF", "CAP_SYSLOG", "CAP_SYS_NICE")]
    public void Whole_table_is_decided_as_the_rules_say(params string[] added)
    {
        var spec = Resolve(added);
        byte[] program = SeccompCompiler.Compile(spec);
        int known = 0;
        for (int number = 0; number < 450; number++)
        {
            if (SeccompCompiler.SyscallName(number) is not { } name)
                continue;
            known++;
            foreach (ulong first in new ulong[] { 0, 8, 16, 38, 39, 40, 41, 0x20000, 0x10000000, 0xffffffff, 0x7e020000, 0x100000000 })
                Assert.True(Expected(spec, name, first) == FilterMachine.Run(program, number, FilterMachine.X86_64, first), $"{name}({first:x})");
        }

        Assert.True(known > 340);
    }

    [Fact]
    public void New_namespaces_need_sys_admin()
    {
        byte[] plain = Program(), admin = Program("CAP_SYS_ADMIN");
        Assert.Equal(Allow, FilterMachine.Run(plain, Clone, FilterMachine.X86_64, 0x11));
        Assert.Equal(Eperm, FilterMachine.Run(plain, Clone, FilterMachine.X86_64, 0x10000011));
        Assert.Equal(Enosys, FilterMachine.Run(plain, Clone3, FilterMachine.X86_64));
        Assert.Equal(Allow, FilterMachine.Run(admin, Clone, FilterMachine.X86_64, 0x10000011));
        Assert.Equal(Allow, FilterMachine.Run(admin, Clone3, FilterMachine.X86_64));
        Assert.Equal(Eperm, FilterMachine.Run(plain, Mount, FilterMachine.X86_64));
        Assert.Equal(Allow, FilterMachine.Run(admin, Mount, FilterMachine.X86_64));
    }

    [Fact]
    public void Vsock_and_crypto_sockets_are_denied()
    {
        byte[] program = Program();
        Assert.Equal(Allow, FilterMachine.Run(program, Socket, FilterMachine.X86_64, 2));
        Assert.Equal(Eperm, FilterMachine.Run(program, Socket, FilterMachine.X86_64, 38));
        Assert.Equal(Allow, FilterMachine.Run(program, Socket, FilterMachine.X86_64, 39));
        Assert.Equal(Eperm, FilterMachine.Run(program, Socket, FilterMachine.X86_64, 40));
        Assert.Equal(Allow, FilterMachine.Run(program, Socket, FilterMachine.X86_64, 44));
    }

    [Fact]
    public void Only_harmless_personalities()
    {
        byte[] program = Program();
        foreach (ulong persona in new ulong[] { 0, 8, 0x20000, 0x20008, 0xffffffff })
            Assert.Equal(Allow, FilterMachine.Run(program, Personality, FilterMachine.X86_64, persona));
        Assert.Equal(Eperm, FilterMachine.Run(program, Personality, FilterMachine.X86_64, 0x40000)); // ADDR_NO_RANDOMIZE
    }

    [Fact]
    public void Ptrace_needs_a_kernel_that_filters_behind_it()
    {
        var old = SeccompProfile.Default.Resolve([.. ContainerCapabilities.Default], "amd64", new KernelVersion(4, 4))!;
        Assert.Equal(Eperm, FilterMachine.Run(SeccompCompiler.Compile(old), Ptrace, FilterMachine.X86_64));
        Assert.Equal(Allow, FilterMachine.Run(Program(), Ptrace, FilterMachine.X86_64));
    }

    [Fact]
    public void Unknown_numbers_say_so_and_new_ones_work()
    {
        byte[] program = Program();
        Assert.Equal(Allow, FilterMachine.Run(program, 452, FilterMachine.X86_64)); // fchmodat2
        Assert.Equal(Allow, FilterMachine.Run(program, 462, FilterMachine.X86_64)); // mseal
        Assert.Equal(Enosys, FilterMachine.Run(program, 459, FilterMachine.X86_64)); // lsm_get_self_attr, for CAP_SYS_ADMIN
        Assert.Equal(Enosys, FilterMachine.Run(program, 2000, FilterMachine.X86_64));
        Assert.Equal(Enosys, FilterMachine.Run(program, X32 | 2000, FilterMachine.X86_64));
        Assert.Equal(Allow, FilterMachine.Run(program, X32 | 452, FilterMachine.X86_64));
        Assert.Equal(Enosys, FilterMachine.Run(program, 2000, FilterMachine.I386));
        Assert.Equal(Allow, FilterMachine.Run(program, 452, FilterMachine.I386));
        Assert.Equal(Eperm, FilterMachine.Run(program, 169, FilterMachine.X86_64)); // reboot
    }

    [Fact]
    public void Further_architectures_are_filtered_too()
    {
        byte[] program = Program();
        Assert.Equal(Allow, FilterMachine.Run(program, 4, FilterMachine.I386)); // write
        Assert.Equal(Eperm, FilterMachine.Run(program, 21, FilterMachine.I386)); // mount
        Assert.Equal(Allow, FilterMachine.Run(program, X32 | 1, FilterMachine.X86_64));
        Assert.Equal(0u, FilterMachine.Run(program, 1, FilterMachine.Aarch64)); // kill: not an architecture of this machine
    }

    [Fact]
    public void Foreign_architectures_resolve_to_theirs()
    {
        var arm = SeccompProfile.Default.Resolve([], "arm64", s_kernel)!;
        Assert.Equal(["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"], arm.Architectures!);
        Assert.Contains(arm.Syscalls!, call => call.Names.Contains("set_tls"));
        Assert.DoesNotContain(arm.Syscalls!, call => call.Names.Contains("arch_prctl"));
    }

    private static uint Expected(SpecSeccomp spec, string name, ulong first)
    {
        foreach (var call in spec.Syscalls!.Where(call => call.Names.Contains(name)))
        {
            bool matches = (call.Args ?? []).All(argument => argument.Index == 0 && argument.Op switch
            {
                "SCMP_CMP_LT" => first < argument.Value,
                "SCMP_CMP_EQ" => first == argument.Value,
                "SCMP_CMP_GT" => first > argument.Value,
                "SCMP_CMP_MASKED_EQ" => (first & argument.Value) == argument.ValueTwo,
                _ => throw new InvalidOperationException(argument.Op),
            });
            if (matches)
                return call.Action == "SCMP_ACT_ALLOW" ? Allow : 0x00050000 | call.ErrnoRet ?? 1;
        }

        return Eperm;
    }
}
