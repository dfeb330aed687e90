using Hafen.Linux.Seccomp;
using Hafen.Oci.Runtime;

namespace Hafen.Linux.Tests.Seccomp;

public sealed class SeccompCompilerTests
{
    [Fact]
    public void Several_conditions_on_one_argument_are_alternatives()
    {
        var spec = new SpecSeccomp
        {
            DefaultAction = "SCMP_ACT_ALLOW",
            Syscalls = [new() { Names = ["socket"], Action = "SCMP_ACT_ERRNO", ErrnoRet = 5, Args = [Equal(0, 7), Equal(0, 9)] }],
        };
        byte[] program = SeccompCompiler.Compile(spec);
        Assert.Equal(0x50005u, FilterMachine.Run(program, 41, FilterMachine.X86_64, 7));
        Assert.Equal(0x50005u, FilterMachine.Run(program, 41, FilterMachine.X86_64, 9));
        Assert.Equal(0x7fff0000u, FilterMachine.Run(program, 41, FilterMachine.X86_64, 8));
        Assert.Equal(0x7fff0000u, FilterMachine.Run(program, 5000, FilterMachine.X86_64));
    }

    [Fact]
    public void Conditions_on_different_arguments_hold_together()
    {
        var spec = new SpecSeccomp
        {
            DefaultAction = "SCMP_ACT_ALLOW",
            Syscalls = [new() { Names = ["socket"], Action = "SCMP_ACT_KILL_PROCESS", Args = [Equal(0, 7), Equal(1, 9)] }],
        };
        byte[] program = SeccompCompiler.Compile(spec);
        Assert.Equal(0x80000000u, FilterMachine.Run(program, 41, FilterMachine.X86_64, 7, 9));
        Assert.Equal(0x7fff0000u, FilterMachine.Run(program, 41, FilterMachine.X86_64, 7, 8));
    }

    [Fact]
    public void Without_x32_its_calls_stay_with_the_filter()
    {
        var spec = new SpecSeccomp { DefaultAction = "SCMP_ACT_ERRNO", Syscalls = [new() { Names = ["read", "no_such_call"], Action = "SCMP_ACT_ALLOW" }] };
        byte[] program = SeccompCompiler.Compile(spec);
        Assert.Equal(0x7fff0000u, FilterMachine.Run(program, 0, FilterMachine.X86_64));
        Assert.Equal(0x50026u, FilterMachine.Run(program, 1, FilterMachine.X86_64));
        Assert.Equal(0u, FilterMachine.Run(program, 0x40000000, FilterMachine.X86_64));
    }

    [Theory]
    [InlineData("SCMP_ACT_FOO", "SCMP_ARCH_X86_64", "read", "SCMP_CMP_EQ", "string SCMP_ACT_FOO is not a valid action for seccomp")]
    [InlineData("SCMP_ACT_ERRNO", "SCMP_ARCH_FOO", "read", "SCMP_CMP_EQ", "string SCMP_ARCH_FOO is not a valid arch for seccomp")]
    [InlineData("SCMP_ACT_ERRNO", "SCMP_ARCH_X86_64", "", "SCMP_CMP_EQ", "empty string is not a valid syscall")]
    [InlineData("SCMP_ACT_ERRNO", "SCMP_ARCH_X86_64", "read", "EQ", "string EQ is not a valid operator for seccomp")]
    [InlineData("SCMP_ACT_NOTIFY", "SCMP_ARCH_X86_64", "read", "SCMP_CMP_EQ", "SCMP_ACT_NOTIFY cannot be used as default action")]
    public void Meaningless_values_are_refused_by_name(string action, string architecture, string name, string comparison, string message)
    {
        var spec = new SpecSeccomp
        {
            DefaultAction = action,
            Architectures = [architecture],
            Syscalls = [new() { Names = [name], Action = "SCMP_ACT_ALLOW", Args = [new() { Op = comparison }] }],
        };
        Assert.Equal(message, Assert.Throws<SeccompException>(() => SeccompCompiler.Compile(spec)).Message);
    }

    [Fact]
    public void Flags_become_bits()
    {
        var spec = new SpecSeccomp { DefaultAction = "SCMP_ACT_ALLOW", Flags = ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_TSYNC"] };
        Assert.Equal(6u, SeccompProgram.FlagsOf(spec));
        Assert.Throws<SeccompException>(() => SeccompProgram.FlagsOf(spec with { Flags = ["SECCOMP_FILTER_FLAG_FOO"] }));
    }

    [Fact]
    public void Programs_are_compiled_once_and_read_back()
    {
        string folder = Directory.CreateTempSubdirectory("hafen-seccomp").FullName;
        try
        {
            var programs = new SeccompPrograms(Path.Combine(folder, "made"));
            var spec = SeccompProfile.Default.Resolve([], SeccompProfile.NativeArchitecture, KernelVersion.Current())!;
            string path = programs.Get(spec);
            var written = File.GetLastWriteTimeUtc(path);
            Assert.Equal(path, programs.Get(spec with { }));
            Assert.Equal(written, File.GetLastWriteTimeUtc(path));
            Assert.NotEqual(path, programs.Get(spec with { DefaultErrnoRet = 2 }));
            byte[] bytes = File.ReadAllBytes(path);
            Assert.Equal(SeccompCompiler.Compile(spec), bytes);
            using var program = SeccompProgram.Load(bytes, 0);
            Assert.NotEqual(0, program.Fprog);
            Assert.Throws<SeccompException>(() => SeccompProgram.Load(bytes.AsSpan(1), 0));
            Assert.Equal(2, Directory.GetFiles(programs.Folder).Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static SpecSyscallArgument Equal(uint index, ulong value) => new() { Index = index, Value = value, Op = "SCMP_CMP_EQ" };
}
