using Hafen.Errors;
using Hafen.Linux;
using Hafen.Runtime.Create;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Init;

namespace Hafen.Runtime.Tests.Create;

/// <summary>Docker's clients match on these texts, and exit codes follow from the kinds.</summary>
public class ChildFailureTests
{
    private static readonly PlannedStep s_find = new(StepCode.FindExecutable, "exec") { Text = "cmd" };

    [Theory]
    [InlineData(Errno.ENOENT, 1, ErrorKind.CommandNotFound, "exec: \"cmd\": executable file not found in $PATH")]
    [InlineData(Errno.ENOENT, 2, ErrorKind.CommandNotFound, "exec: \"cmd\": stat cmd: no such file or directory")]
    [InlineData(Errno.ENOTDIR, 2, ErrorKind.CommandNotFound, "exec: \"cmd\": stat cmd: not a directory")]
    [InlineData(Errno.EACCES, 2, ErrorKind.CommandNotExecutable, "exec: \"cmd\": stat cmd: permission denied")]
    [InlineData(Errno.EACCES, 3, ErrorKind.CommandNotExecutable, "exec: \"cmd\": permission denied")]
    public void A_command_that_cannot_be_found_or_executed(int errno, int detail, ErrorKind kind, string message)
    {
        var failure = ChildFailure.Describe(s_find, errno, (ChildDetail)detail, "");
        Assert.Equal((kind, message), (failure.Kind, failure.Message));
    }

    [Theory]
    [InlineData(Errno.ENOEXEC, ErrorKind.CommandNotExecutable, "exec /s: exec format error")]
    [InlineData(Errno.ENOENT, ErrorKind.CommandNotFound, "exec /s: no such file or directory")]
    public void An_execve_that_fails(int errno, ErrorKind kind, string message)
    {
        var failure = ChildFailure.Describe(new PlannedStep(StepCode.Execute, "exec") { Second = "/s" }, errno, ChildDetail.None, "");
        Assert.Equal((kind, message), (failure.Kind, failure.Message));
    }

    [Fact]
    public void The_kernels_own_words_are_kept() =>
        Assert.Equal("mount x: invalid argument (tmpfs: Bad value for 'size')",
            ChildFailure.Describe(new PlannedStep(StepCode.NewFileSystem, "mount x"), Errno.EINVAL, ChildDetail.None, "tmpfs: Bad value for 'size'").Message);

    [Fact]
    public void A_limit_that_cannot_be_raised_says_why() =>
        Assert.Contains("CAP_SYS_RESOURCE", ChildFailure.Describe(new PlannedStep(StepCode.ResourceLimit, "limit"), Errno.EPERM, ChildDetail.None, "").Message,
            StringComparison.Ordinal);
}
