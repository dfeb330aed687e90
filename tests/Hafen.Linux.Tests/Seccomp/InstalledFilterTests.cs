using Hafen.Linux.Capabilities;
using Hafen.Linux.Processes;
using Hafen.Linux.Seccomp;

namespace Hafen.Linux.Tests.Seccomp;

/// <summary>The kernel takes the compiled default profile and denies by it. A filter holds for one thread, which ends with the test.</summary>
public sealed class InstalledFilterTests
{
    private const int SECCOMP_SET_MODE_FILTER = 1, CLONE_NEWNS = 0x20000, KeyctlDescribe = 6;

    [Fact]
    public void The_kernel_denies_by_the_default_profile()
    {
        byte[] bytes = SeccompCompiler.Compile(
            SeccompProfile.Default.Resolve([.. ContainerCapabilities.Default], SeccompProfile.NativeArchitecture, KernelVersion.Current())!);
        using var program = SeccompProgram.Load(bytes, 0);
        var answers = new Dictionary<string, nint>();
        var thread = new Thread(() =>
        {
            answers["keyctl before"] = SystemCall.Call(SystemCall.keyctl, KeyctlDescribe, -3);
            answers["install"] = SystemCall.Call(SystemCall.seccomp, SECCOMP_SET_MODE_FILTER, 0, program.Fprog);
            answers["unshare"] = SystemCall.Call(SystemCall.unshare, CLONE_NEWNS);
            answers["clone3"] = SystemCall.Call(SystemCall.clone3);
            answers["keyctl"] = SystemCall.Call(SystemCall.keyctl, KeyctlDescribe, -3);
            answers["getpid"] = SystemCall.Call(SystemCall.getpid);
            answers["no such call"] = SystemCall.Call(5000);
        });
        thread.Start();
        thread.Join();
        Assert.NotEqual(-Errno.EPERM, answers["keyctl before"]);
        Assert.Equal(0, answers["install"]);
        Assert.Equal(-Errno.EPERM, answers["unshare"]);
        Assert.Equal(-Errno.ENOSYS, answers["clone3"]);
        Assert.Equal(-Errno.EPERM, answers["keyctl"]);
        Assert.Equal(Environment.ProcessId, answers["getpid"]);
        Assert.Equal(-Errno.ENOSYS, answers["no such call"]);
    }
}
