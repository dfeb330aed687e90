using System.Text.Json;
using Hafen.Oci.Runtime;

namespace Hafen.Runtime.Tests.EndToEnd;

/// <summary>
/// A process that comes into a pid namespace in which others live must hold nothing of the host's by then (the class of CVE-2016-9962): a neighbour
/// with CAP_SYS_PTRACE looks at it all the time.
/// </summary>
public class EntryTests
{
    private const string Secret = "HAFEN_TEST_SECRET";

    private static readonly string[] s_capabilities = ["CAP_SYS_PTRACE", "CAP_CHOWN", "CAP_KILL", "CAP_DAC_READ_SEARCH"];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void An_exec_brings_nothing_of_the_host_with_it(bool filter, bool noNewPrivileges)
    {
        using var bundle = Watched(filter, noNewPrivileges);
        Start(bundle);
        Assert.Empty(Found(bundle, () => Shell(bundle, $"for i in $(seq 60); do {NativeRuntime.Executable} --root {bundle.States} exec {bundle.Id} true </dev/null || exit 1; done")));
    }

    /// <summary>A kernel before 6.17 cannot be told which pid namespace a procfs shows; strace plays one.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_container_that_joins_a_pid_namespace_brings_nothing_of_the_host_with_it(bool oldKernel)
    {
        using var bundle = Watched(filter: false, noNewPrivileges: false);
        Start(bundle);
        int pid = JsonDocument.Parse(bundle.Verb("state", bundle.Id).Good).RootElement.GetProperty("pid").GetInt32();
        using var second = new Bundle();
        second.Process = bundle.Process with { Args = ["sh", "-c", "test $$ -gt 1 && test -d /proc/1"] };
        second.Linux = second.Linux with
        {
            Namespaces =
            [
                .. new[] { "network", "ipc", "uts", "mount", "cgroup" }.Select(type => new SpecNamespace { Type = type }),
                new SpecNamespace { Type = "pid", Path = $"/proc/{pid}/ns/pid" },
            ],
        };
        second.Save();
        string before = oldKernel ? $"strace -o {second.Folder}/trace -e trace=fsconfig -e inject=fsconfig:error=EINVAL:when=1" : "";
        Assert.Empty(Found(bundle, () => Shell(second, $"for i in $(seq 30); do {before} {NativeRuntime.Executable} --root {second.States} run {second.Id} </dev/null || exit 1; done")));
    }

    [Fact]
    public void A_program_sees_the_pid_namespace_that_it_has_joined_in_its_proc()
    {
        using var first = new Bundle();
        first.StartSleeping();
        int pid = JsonDocument.Parse(first.Verb("state", first.Id).Good).RootElement.GetProperty("pid").GetInt32();
        using var second = new Bundle();
        second.Linux = second.Linux with
        {
            Namespaces = [new SpecNamespace { Type = "mount" }, new SpecNamespace { Type = "pid", Path = $"/proc/{pid}/ns/pid" }],
            MaskedPaths = ["/proc/kcore"],
            ReadonlyPaths = ["/proc/sys"],
        };
        second.Process = second.Process with { Terminal = false };
        string[] lines = second.Shell("cat /proc/1/cmdline; echo; readlink /proc/self >/dev/null && echo self; echo x >/proc/sys/kernel/hostname || echo read-only").Lines;
        Assert.Equal(["sleep\u00001000\0", "self", "read-only"], lines);
    }

    private static Bundle Watched(bool filter, bool noNewPrivileges)
    {
        var bundle = new Bundle();
        bundle.Process = bundle.Process with
        {
            NoNewPrivileges = noNewPrivileges,
            Capabilities = new SpecCapabilities { Bounding = s_capabilities, Permitted = s_capabilities, Effective = s_capabilities },
            Args = ["/bin/neighbour", bundle.Folder + "/marker", Secret, "/tmp/found"],
        };
        if (filter)
        {
            bundle.Linux = bundle.Linux with
            {
                Seccomp = new SpecSeccomp
                {
                    DefaultAction = "SCMP_ACT_ALLOW",
                    Syscalls = [new SpecSyscall { Names = ["clone3", "mount", "setns", "unshare", "bpf"], Action = "SCMP_ACT_ERRNO", ErrnoRet = 38 }],
                },
            };
        }

        return bundle;
    }

    private static void Start(Bundle bundle)
    {
        _ = NativeRuntime.Executable;
        File.WriteAllText(Path.Combine(bundle.Folder, "marker"), "");
        string source = Path.Combine(AppContext.BaseDirectory, "EndToEnd", "neighbour.c");
        _ = NativeRuntime.Start("/usr/bin/gcc", bundle.Folder, null, "-O2", "-static", "-o", Path.Combine(bundle.Root, "bin/neighbour"), source).Good;
        bundle.Save();
        Assert.Equal(0, bundle.Verb("create", bundle.Id).Code);
        _ = bundle.Verb("start", bundle.Id).Good;
        Eventually(() => Report(bundle).Contains("ready"));
    }

    /// <summary>Runs a script with a variable that nobody inside may see.</summary>
    private static Outcome Shell(Bundle bundle, string script) =>
        NativeRuntime.Start("/usr/bin/env", bundle.Folder, null, $"{Secret}=1", "sh", "-c", script);

    /// <summary>What the neighbour has found of those who enter; on a busy machine it may not have the processor while they do, so some more follow.</summary>
    private static string[] Found(Bundle bundle, Func<Outcome> enter)
    {
        for (int round = 0; round < 20; round++)
        {
            _ = enter().Good;
            if (SpinWait.SpinUntil(() => Report(bundle).Contains("saw one"), TimeSpan.FromSeconds(1)))
                break;
        }
        Assert.Contains("saw one", Report(bundle));
        return [.. Report(bundle).Where(line => line is not ("ready" or "saw one")).Distinct()];
    }

    private static string[] Report(Bundle bundle)
    {
        string file = Path.Combine(bundle.Root, "tmp/found");
        return File.Exists(file) ? File.ReadAllLines(file) : [];
    }

    private static void Eventually(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(60)), "waited in vain");
}
