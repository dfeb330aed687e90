using Hafen.Linux.Processes;
using Hafen.Linux.Seccomp;

namespace Hafen.Linux.Tests.Seccomp;

public sealed class SeccompEvaluatorTests
{
    private const ulong CLONE_PARENT = 0x8000, CLONE_NEWUSER = 0x10000000;

    /// <summary>The default profile lets a process clone, but not with the call whose arguments it cannot read.</summary>
    [Fact]
    public void The_default_profile_is_understood()
    {
        byte[] program = SeccompCompiler.Compile(SeccompProfile.Default.Resolve([], "amd64", new KernelVersion(6, 1))!);
        Assert.True(SeccompEvaluator.Allows(program, SystemCall.clone, CLONE_PARENT));
        Assert.False(SeccompEvaluator.Allows(program, SystemCall.clone, CLONE_NEWUSER));
        Assert.False(SeccompEvaluator.Allows(program, SystemCall.clone3));
        Assert.True(SeccompEvaluator.Allows(program, SystemCall.execve));
        Assert.False(SeccompEvaluator.Allows(program, SystemCall.mount));
    }

    /// <summary>Every call gets the answer of the other machine of these tests.</summary>
    [Fact]
    public void Answers_are_those_of_the_filter()
    {
        byte[] program = SeccompCompiler.Compile(SeccompProfile.Default.Resolve(["CAP_SYS_PTRACE"], "amd64", new KernelVersion(6, 1))!);
        for (int number = 0; number < 450; number++)
        {
            foreach (ulong first in new ulong[] { 0, 8, 40, 0x20000, 0x10000000, 0xffffffff })
                Assert.True(SeccompEvaluator.Allows(program, number, first) == (FilterMachine.Run(program, number, FilterMachine.X86_64, first) == 0x7fff0000), $"{number}({first:x})");
        }
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 6, 0, 0, 0 })]
    [InlineData(new byte[] { 0x20, 0, 0, 0, 64, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0xFF, 0x7F })]
    [InlineData(new byte[] { 5, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 6, 0, 0, 0, 0, 0, 0xFF, 0x7F })]
    public void What_is_no_program_allows_nothing(byte[] program) => Assert.False(SeccompEvaluator.Allows(program, SystemCall.read));
}
