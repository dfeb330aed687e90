using Hafen.Linux.Capabilities;
using Hafen.Oci.Runtime;

namespace Hafen.Runtime.Tests.EndToEnd;

public class RunTests
{
    [Fact]
    public void Output_input_and_exit_code_are_the_processs()
    {
        using var bundle = new Bundle();
        bundle.Process = bundle.Process with { Args = ["sh", "-c", "cat; echo err >&2; exit 42"] };
        bundle.Save();
        var outcome = NativeRuntime.RunWith("in\n", bundle.Folder, "--root", bundle.States, "run", bundle.Id);
        Assert.Equal((42, "in\n", "err\n"), (outcome.Code, outcome.Output, outcome.Error));
        Assert.False(Directory.Exists(Path.Combine(bundle.States, bundle.Id)));
    }

    [Fact]
    public void A_signal_is_128_and_its_number()
    {
        using var bundle = new Bundle();
        // Init of a pid namespace ignores what it does not handle, so a child dies and its shell tells.
        Assert.Equal(137, bundle.Shell("sh -c 'kill -9 $$'; exit $?").Code);
    }

    [Theory]
    [InlineData("nosuch", "exec: \"nosuch\": executable file not found in $PATH")]
    [InlineData("/etc", "exec: \"/etc\": permission denied")]
    [InlineData("/etc/passwd", "exec: \"/etc/passwd\": permission denied")]
    [InlineData("/nosuch", "exec: \"/nosuch\": stat /nosuch: no such file or directory")]
    public void A_command_that_cannot_be_executed_is_reported_in_dockers_words(string command, string message)
    {
        using var bundle = new Bundle();
        bundle.Process = bundle.Process with { Args = [command] };
        string log = Path.Combine(bundle.Folder, "log");
        bundle.Save();
        var outcome = NativeRuntime.Run(bundle.Folder, "--root", bundle.States, "--log", log, "--log-format", "json", "run", bundle.Id);
        Assert.Equal(1, outcome.Code);
        Assert.Contains("unable to start container process: " + message, outcome.Error, StringComparison.Ordinal);
        Assert.Contains("\"level\":\"error\"", File.ReadAllText(log), StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(bundle.States));
        Assert.False(Directory.Exists($"/sys/fs/cgroup/pids/{CgroupParents.Name}/{bundle.Id}"));
    }

    [Fact]
    public void A_script_without_interpreter_fails_at_execve()
    {
        using var bundle = new Bundle();
        string script = Path.Combine(bundle.Root, "script");
        File.WriteAllText(script, "echo hello\n");
        File.SetUnixFileMode(script, (UnixFileMode)0x1ED);
        bundle.Process = bundle.Process with { Args = ["/script"] };
        Assert.Contains("exec /script: exec format error", bundle.Run().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Capabilities_groups_umask_and_no_new_privs_are_as_asked()
    {
        using var bundle = new Bundle();
        bundle.Process = bundle.Process with
        {
            User = new SpecUser { Uid = 1000, Gid = 100, AdditionalGids = [7, 8], Umask = 0x3F },
            Capabilities = new SpecCapabilities
            {
                Bounding = ["CAP_CHOWN", "CAP_KILL"],
                Permitted = ["CAP_KILL"],
                Effective = ["CAP_KILL"],
                Inheritable = ["CAP_KILL"],
                Ambient = ["CAP_KILL"],
            },
        };
        string[] status = bundle.Shell("grep -E '^(Uid|Gid|Groups|Umask|Cap|NoNew|Seccomp:)' /proc/self/status; echo $HOME").Lines;
        Assert.Contains("Uid:\t1000\t1000\t1000\t1000", status);
        Assert.Contains("Gid:\t100\t100\t100\t100", status);
        Assert.Contains("Groups:\t7 8 ", status);
        Assert.Contains("Umask:\t0077", status);
        Assert.Contains("NoNewPrivs:\t1", status);
        string kill = $"{1UL << CapabilityNames.Number("CAP_KILL"):x16}";
        Assert.Contains("CapEff:\t" + kill, status);
        Assert.Contains("CapPrm:\t" + kill, status);
        Assert.Contains("CapInh:\t" + kill, status);
        Assert.Contains("CapAmb:\t" + kill, status);
        Assert.Contains($"CapBnd:\t{1UL << CapabilityNames.Number("CAP_KILL") | 1:x16}", status);
        Assert.Equal("/home/user", status[^1]);
    }

    [Fact]
    public void Groups_of_the_caller_do_not_stay()
    {
        using var bundle = new Bundle();
        bundle.Process = bundle.Process with { Args = ["grep", "Groups", "/proc/self/status"] };
        bundle.Save();
        var outcome = NativeRuntime.Start("/usr/bin/setpriv", bundle.Folder, null, "--groups", "4,5", NativeRuntime.Executable, "--root", bundle.States, "run", bundle.Id);
        Assert.Equal("Groups:\t \n", outcome.Good);
    }

    [Fact]
    public void A_filter_denies_what_it_says()
    {
        using var bundle = new Bundle();
        bundle.Linux = bundle.Linux with
        {
            Seccomp = new SpecSeccomp
            {
                DefaultAction = "SCMP_ACT_ALLOW",
                Syscalls = [new SpecSyscall { Names = ["mkdir", "mkdirat"], Action = "SCMP_ACT_ERRNO", ErrnoRet = 28 }],
            },
        };
        foreach (bool privileged in new[] { false, true })
        {
            bundle.Process = bundle.Process with { NoNewPrivileges = !privileged };
            var outcome = bundle.Shell("mkdir /tmp/x; grep Seccomp: /proc/self/status");
            Assert.Contains("No space left on device", outcome.Error, StringComparison.Ordinal);
            Assert.Equal("Seccomp:\t2\n", outcome.Good);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_filter_that_forbids_everything_even_to_end_holds_up_nobody(bool noNewPrivileges)
    {
        using var bundle = new Bundle();
        bundle.Process = bundle.Process with { NoNewPrivileges = noNewPrivileges };
        bundle.Linux = bundle.Linux with { Seccomp = new SpecSeccomp { DefaultAction = "SCMP_ACT_ERRNO" } };
        Assert.NotEqual(0, bundle.Shell("true").Code);
        Assert.NotEqual(0, bundle.Verb("state", bundle.Id).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_filter_older_than_the_system_calls_of_this_runtime_lets_it_through(bool noNewPrivileges)
    {
        // What a profile of ten years ago lacks, and a runtime's own calls that a program has no use for.
        using var bundle = new Bundle();
        bundle.Process = bundle.Process with { NoNewPrivileges = noNewPrivileges, User = new SpecUser { Uid = 1000, Gid = 1000 } };
        bundle.Linux = bundle.Linux with
        {
            Seccomp = new SpecSeccomp
            {
                DefaultAction = "SCMP_ACT_ALLOW",
                Syscalls =
                [
                    new SpecSyscall
                    {
                        Names =
                        [
                            "statx", "faccessat2", "close_range", "openat2", "clone3", "setgroups", "setresuid", "setresgid", "umask", "chdir", "sendmsg",
                        ],
                        Action = "SCMP_ACT_KILL_PROCESS",
                    },
                ],
            },
        };
        string[] lines = bundle.Shell("grep -E '^(Seccomp:|Cap(Eff|Prm|Bnd)|Uid)' /proc/self/status").Lines;
        Assert.Contains("Seccomp:\t2", lines);
        Assert.Contains("CapEff:\t0000000000000000", lines);
        Assert.Contains("CapPrm:\t0000000000000000", lines);
        Assert.Contains("Uid:\t1000\t1000\t1000\t1000", lines);
    }

    [Fact]
    public void Limits_are_set_and_what_cannot_be_raised_says_so()
    {
        using var bundle = new Bundle();
        bundle.Process = bundle.Process with { Rlimits = [new SpecRlimit { Type = "RLIMIT_NOFILE", Soft = 50, Hard = 60 }, new SpecRlimit { Type = "RLIMIT_CORE", Soft = 0, Hard = 0 }] };
        Assert.Equal("50\n60\n0\n", bundle.Shell("ulimit -n; ulimit -Hn; ulimit -c").Good);
    }

    [Fact]
    public void Names_sysctls_and_oom_score()
    {
        using var bundle = new Bundle();
        bundle.Spec = bundle.Spec with { Hostname = "here", Domainname = "there" };
        bundle.Process = bundle.Process with { OomScoreAdj = 123 };
        bundle.Linux = bundle.Linux with { Sysctl = new() { ["net.ipv4.ip_forward"] = "1", ["kernel.shmmni"] = "99", ["fs.mqueue.msg_max"] = "11" } };
        Assert.Equal(
            ["here", "there", "1", "99", "11", "123"],
            bundle.Shell("hostname; cat /proc/sys/kernel/domainname /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shmmni /proc/sys/fs/mqueue/msg_max /proc/self/oom_score_adj").Lines);
        Assert.Equal("0", File.ReadAllText("/proc/self/oom_score_adj").Trim());
    }

    [Fact]
    public void Nothing_of_the_host_is_open_and_preserved_descriptors_are()
    {
        using var bundle = new Bundle();
        Assert.Equal(["0", "1", "2", "3"], bundle.Shell("ls /proc/self/fd").Lines);

        bundle.Process = bundle.Process with { Args = ["sh", "-c", "cat <&3; ls /proc/self/fd"] };
        bundle.Save();
        var outcome = NativeRuntime.Start("/bin/sh", bundle.Folder, null, "-c",
            $"exec {NativeRuntime.Executable} --root {bundle.States} run --preserve-fds 1 {bundle.Id} 3</etc/hostname 4</etc/passwd");
        Assert.Equal([File.ReadAllText("/etc/hostname").Trim(), "0", "1", "2", "3", "4"], outcome.Lines);

        outcome = NativeRuntime.Start("/bin/sh", bundle.Folder, null, "-c", $"exec {NativeRuntime.Executable} --root {bundle.States} run --preserve-fds 100000 {bundle.Id}");
        Assert.Equal(1, outcome.Code);
        Assert.Matches("descriptor [0-9]+ is not open: --preserve-fds 100000 passes on 100000 from 3 on", outcome.Error);
    }

    [Fact]
    public void A_working_directory_is_made_and_must_lie_inside()
    {
        using var bundle = new Bundle();
        bundle.Process = bundle.Process with { Cwd = "/some/where" };
        Assert.Equal("/some/where\n", bundle.Shell("pwd").Good);
        bundle.Process = bundle.Process with { Cwd = "/proc/self/fd/7" };
        var outcome = bundle.Shell("pwd");
        Assert.Equal(1, outcome.Code);
    }

    [Fact]
    public void A_user_that_may_not_enter_the_working_directory_is_told()
    {
        using var bundle = new Bundle();
        Directory.CreateDirectory(Path.Combine(bundle.Root, "private"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        bundle.Process = bundle.Process with { Cwd = "/private/nosuch", User = new SpecUser { Uid = 1000, Gid = 1000 } };
        File.WriteAllText(Path.Combine(bundle.Root, "private/nosuch"), "");
        Assert.Contains("not a directory", bundle.Shell("pwd").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_standard_streams_belong_to_the_user()
    {
        using var bundle = new Bundle();
        bundle.Process = bundle.Process with { User = new SpecUser { Uid = 1000, Gid = 1000 } };
        Assert.Equal("a\n", bundle.Shell("echo a > /dev/stdout; echo b > /dev/stderr").Good);
    }

    [Fact]
    public void A_container_gets_a_terminal_of_its_own_devpts()
    {
        using var bundle = new Bundle();
        bundle.Process = bundle.Process with { Terminal = true, ConsoleSize = new SpecConsoleSize { Height = 33, Width = 77 }, Args = ["sh", "-c", "tty; stat -c %t:%T /dev/console; test -t 0 && test -t 2 && echo yes"] };
        bundle.Save();
        var outcome = NativeRuntime.Start("/usr/bin/script", bundle.Folder, null, "-qec", $"{NativeRuntime.Executable} --root {bundle.States} run {bundle.Id}", "/dev/null");
        Assert.Contains("/dev/pts/0", outcome.Good, StringComparison.Ordinal);
        Assert.Contains("88:0", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("yes", outcome.Output, StringComparison.Ordinal);
    }
}
