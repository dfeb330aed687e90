using Hafen.Linux.Seccomp;
using Hafen.Oci.Runtime;

namespace Hafen.Linux.Tests.Seccomp;

public sealed class SeccompProfileTests
{
    private static readonly KernelVersion s_kernel = new(5, 10);

    [Fact]
    public void Users_profile_is_resolved()
    {
        var profile = SeccompProfile.Parse("""
            {"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":13,
             "archMap":[{"architecture":"SCMP_ARCH_X86_64","subArchitectures":["SCMP_ARCH_X86"]},{"architecture":"SCMP_ARCH_AARCH64"}],
             "syscalls":[
              {"names":["read","write"],"action":"SCMP_ACT_ALLOW","args":[],"comment":"","includes":{},"excludes":{}},
              {"name":"mount","action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_SYS_ADMIN"]}},
              {"names":["chmod"],"action":"SCMP_ACT_ALLOW","excludes":{"caps":["CAP_CHOWN"]}},
              {"names":["openat2"],"action":"SCMP_ACT_ALLOW","includes":{"minKernel":"5.11"}},
              {"names":["close"],"action":"SCMP_ACT_ALLOW","excludes":{"arches":["amd64"]}},
              {"names":["socket"],"action":"SCMP_ACT_ERRNO","errnoRet":97,"args":[{"index":0,"value":1,"valueTwo":2,"op":"SCMP_CMP_EQ"}]}]}
            """u8);
        var spec = profile.Resolve(["CAP_CHOWN"], "amd64", s_kernel)!;
        Assert.Equal(["read", "write", "socket"], spec.Syscalls!.SelectMany(call => call.Names));
        Assert.Equal(["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], spec.Architectures!);
        Assert.Equal(13u, spec.DefaultErrnoRet);
        Assert.Equal((97u, 2ul), (spec.Syscalls![1].ErrnoRet, spec.Syscalls[1].Args![0].ValueTwo));
        Assert.Equal(["read", "write", "mount", "chmod", "openat2", "close", "socket"],
            profile.Resolve(["CAP_SYS_ADMIN"], "arm64", new KernelVersion(5, 11))!.Syscalls!.SelectMany(call => call.Names));
    }

    [Fact]
    public void An_empty_profile_is_no_filter() => Assert.Null(SeccompProfile.Parse("{}"u8).Resolve([], "amd64", s_kernel));

    [Theory]
    [InlineData("[", "Decoding seccomp profile failed")]
    [InlineData("""{"syscalls":[{"name":"a","names":["b"]}]}""", "both 'name' and 'names' are specified")]
    [InlineData("""{"architectures":["SCMP_ARCH_X86"],"archMap":[{"architecture":"SCMP_ARCH_X86_64"}]}""", "both 'architectures' and 'archMap'")]
    [InlineData("""{"syscalls":[{"names":["b"],"includes":{"minKernel":"5"}}]}""", "invalid kernel version")]
    public void Contradictions_are_refused(string json, string message) =>
        Assert.Contains(message, Assert.Throws<SeccompException>(() => SeccompProfile.Parse(System.Text.Encoding.UTF8.GetBytes(json))).Message);

    [Theory]
    [InlineData("6.1.0-13-amd64", 6, 1)]
    [InlineData("4.8-rc5", 4, 8)]
    [InlineData("5.10+", 5, 10)]
    public void Kernel_releases(string release, int kernel, int major)
    {
        Assert.True(KernelVersion.TryParseRelease(release, out var version));
        Assert.Equal(new KernelVersion(kernel, major), version);
    }
}
