using System.Diagnostics;
using Hafen.Linux.Processes;
using Hafen.Oci.Runtime;

namespace Hafen.Runtime.Tests.EndToEnd;

/// <summary>Whatever becomes of the command, no container and no process is left that nobody can find; as with runc.</summary>
public class ForegroundTests
{
    private const int SIGHUP = 1, SIGKILL = 9, SIGTERM = 15, SIGRTMIN3 = 37;
    private const string Trap = "trap 'exit 7' HUP TERM 37; echo ready; while true; do sleep 0.05; done";

    [Theory]
    [InlineData(SIGTERM)]
    [InlineData(SIGHUP)]
    [InlineData(SIGRTMIN3)]
    public void A_signal_for_run_reaches_the_container(int signal)
    {
        using var bundle = new Bundle();
        bundle.Process = bundle.Process with { Args = ["sh", "-c", Trap] };
        bundle.Save();
        using var run = StartProcess(bundle, "run", bundle.Id);
        Assert.Equal("ready", run.StandardOutput.ReadLine());
        ProcessControl.Kill(run.Id, signal);
        Assert.True(run.WaitForExit(60_000));
        Assert.Equal(7, run.ExitCode);
        Assert.False(Directory.Exists(Path.Combine(bundle.States, bundle.Id)));
    }

    [Fact]
    public void A_signal_for_exec_reaches_its_process()
    {
        using var bundle = new Bundle();
        bundle.StartSleeping();
        using var exec = StartProcess(bundle, "exec", bundle.Id, "sh", "-c", Trap);
        Assert.Equal("ready", exec.StandardOutput.ReadLine());
        ProcessControl.Kill(exec.Id, SIGTERM);
        Assert.True(exec.WaitForExit(60_000));
        Assert.Equal(7, exec.ExitCode);
    }

    [Fact]
    public void A_paused_container_can_be_deleted_by_force()
    {
        using var bundle = new Bundle();
        bundle.StartSleeping();
        _ = bundle.Verb("pause", bundle.Id).Good;
        _ = bundle.Verb("delete", "--force", bundle.Id).Good;
        Assert.Empty(Processes(bundle));
        Assert.Empty(Cgroups(bundle));
    }

    [Fact]
    public void A_paused_container_dies_when_killed()
    {
        using var bundle = new Bundle();
        bundle.StartSleeping();
        _ = bundle.Verb("pause", bundle.Id).Good;
        _ = bundle.Verb("kill", bundle.Id, "KILL").Good;
        Eventually(() => Processes(bundle).Length == 0);
        _ = bundle.Verb("delete", bundle.Id).Good;
    }

    [Fact]
    public void A_created_container_can_be_paused_resumed_and_started()
    {
        using var bundle = new Bundle();
        bundle.Process = bundle.Process with { Args = ["sleep", "1000"] };
        bundle.Save();
        Assert.Equal(0, bundle.Verb("create", bundle.Id).Code);
        _ = bundle.Verb("pause", bundle.Id).Good;
        Assert.Contains("\"status\": \"paused\"", bundle.Verb("state", bundle.Id).Good, StringComparison.Ordinal);
        Assert.Contains("cannot start a container in the paused state", bundle.Verb("start", bundle.Id).Error, StringComparison.Ordinal);
        _ = bundle.Verb("resume", bundle.Id).Good;
        Assert.Contains("\"status\": \"created\"", bundle.Verb("state", bundle.Id).Good, StringComparison.Ordinal);
        _ = bundle.Verb("start", bundle.Id).Good;
        Assert.Contains("\"status\": \"running\"", bundle.Verb("state", bundle.Id).Good, StringComparison.Ordinal);
    }

    [Fact]
    public void A_create_that_is_killed_leaves_no_process_and_what_it_leaves_can_be_deleted()
    {
        using var bundle = new Bundle();
        string reached = Path.Combine(bundle.Folder, "reached");
        string go = Path.Combine(bundle.Folder, "go");
        // Init runs this hook itself: it goes on to wait for its start without looking back at the runtime.
        bundle.Spec = bundle.Spec with
        {
            Hooks = new SpecHooks
            {
                CreateContainer =
                [
                    new SpecHook { Path = "/bin/sh", Args = ["sh", "-c", $"echo >{reached}; while ! test -e {go}; do sleep 0.05; done"], Env = ["PATH=/bin:/usr/bin"] },
                ],
            },
        };
        bundle.Save();
        using (var create = StartProcess(bundle, "create", bundle.Id))
        {
            Eventually(() => File.Exists(reached));
            ProcessControl.Kill(create.Id, SIGKILL);
            create.WaitForExit();
        }

        File.WriteAllText(go, "");
        Eventually(() => Processes(bundle).Length == 0);
        _ = bundle.Verb("delete", "--force", bundle.Id).Good;
        Assert.Empty(Cgroups(bundle));
        Assert.False(Directory.Exists(Path.Combine(bundle.States, bundle.Id)));
    }

    [Fact]
    public void An_exec_whose_pid_cannot_be_told_does_not_run()
    {
        using var bundle = new Bundle();
        bundle.StartSleeping();
        int[] before = Processes(bundle);
        var outcome = bundle.Exec("-d", "--pid-file", Path.Combine(bundle.Folder, "missing/pid"), bundle.Id, "sh", "-c", "touch /tmp/ran; sleep 1000");
        Assert.NotEqual(0, outcome.Code);
        Assert.Equal(before, Processes(bundle));
        Assert.False(File.Exists(Path.Combine(bundle.Root, "tmp/ran")));
    }

    private static Process StartProcess(Bundle bundle, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(NativeRuntime.Executable, ["--root", bundle.States, .. arguments])
        {
            WorkingDirectory = bundle.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static int[] Processes(Bundle bundle) =>
    [
        .. Cgroups(bundle).Select(cgroup => cgroup + "/cgroup.procs").Where(File.Exists).SelectMany(File.ReadAllLines).Select(int.Parse).Distinct().Order(),
    ];

    private static string[] Cgroups(Bundle bundle) =>
    [
        .. new[] { "/sys/fs/cgroup" }.Concat(Directory.EnumerateDirectories("/sys/fs/cgroup"))
            .Select(hierarchy => hierarchy + bundle.Linux.CgroupsPath).Where(Directory.Exists),
    ];

    private static void Eventually(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(60)), "waited in vain");
}
