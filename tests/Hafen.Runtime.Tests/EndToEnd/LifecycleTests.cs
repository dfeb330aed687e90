using System.Diagnostics;
using System.Text.Json;
using Hafen.Linux.Cgroups;
using Hafen.Oci.Runtime;

namespace Hafen.Runtime.Tests.EndToEnd;

public class LifecycleTests
{
    [Fact]
    public void Create_start_exec_pause_kill_delete()
    {
        using var bundle = new Bundle();
        bundle.Process = bundle.Process with { Args = ["sh", "-c", "touch /started; exec sleep 1000"] };
        bundle.Save();
        string pidFile = Path.Combine(bundle.Folder, "pid");
        Assert.Equal(0, bundle.Verb("create", "--pid-file", pidFile, bundle.Id).Code);
        Assert.Equal(("created", File.ReadAllText(pidFile)), State(bundle));
        Assert.False(File.Exists(Path.Combine(bundle.Root, "started")));
        Assert.Contains("already exists", bundle.Verb("create", bundle.Id).Error, StringComparison.Ordinal);

        _ = bundle.Verb("start", bundle.Id).Good;
        Assert.Equal("running", State(bundle).Status);
        Assert.Contains("already running", bundle.Verb("start", bundle.Id).Error, StringComparison.Ordinal);
        Wait(() => File.Exists(Path.Combine(bundle.Root, "started")));

        Assert.Equal(7, bundle.Exec(bundle.Id, "sh", "-c", "exit 7").Code);
        Assert.Contains("executable file not found in $PATH", bundle.Exec(bundle.Id, "nosuch").Error, StringComparison.Ordinal);

        _ = bundle.Verb("pause", bundle.Id).Good;
        Assert.Equal("paused", State(bundle).Status);
        Assert.Contains("paused", bundle.Exec(bundle.Id, "true").Error, StringComparison.Ordinal);
        _ = bundle.Verb("resume", bundle.Id).Good;

        Assert.Equal($"[{File.ReadAllText(pidFile)}]", bundle.Verb("ps", "--format", "json", bundle.Id).Good.Trim());
        Assert.Contains("not stopped", bundle.Verb("delete", bundle.Id).Error, StringComparison.Ordinal);
        _ = bundle.Verb("kill", bundle.Id, "KILL").Good;
        Wait(() => State(bundle).Status == "stopped");
        Assert.Contains("not running", bundle.Verb("kill", bundle.Id).Error, StringComparison.Ordinal);
        _ = bundle.Verb("delete", bundle.Id).Good;
        Assert.Contains("does not exist", bundle.Verb("state", bundle.Id).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"/sys/fs/cgroup/pids/{CgroupParents.Name}/{bundle.Id}"));
        Assert.Equal(0, bundle.Verb("delete", "--force", bundle.Id).Code);
    }

    [Fact]
    public void A_container_whose_specification_names_no_cgroup_leaves_none()
    {
        using var bundle = new Bundle();
        bundle.Linux = bundle.Linux with { CgroupsPath = null };
        bundle.StartSleeping();
        using var cgroup = Cgroup.Open(CgroupHierarchies.Detect(), "/hafen-run-" + bundle.Id);
        Assert.NotEmpty(cgroup.Pids());
        Assert.Equal(7, bundle.Exec(bundle.Id, "sh", "-c", "exit 7").Code);
        _ = bundle.Verb("delete", "--force", bundle.Id).Good;
        Assert.False(cgroup.Exists);
    }

    [Fact]
    public void Limits_of_a_running_container_can_be_changed()
    {
        using var bundle = new Bundle();
        bundle.StartSleeping();
        _ = bundle.Verb("update", "--memory", "64m", "--pids-limit", "17", bundle.Id).Good;
        string file = Path.Combine(bundle.Folder, "resources.json");
        File.WriteAllText(file, "{\"cpu\":{\"quota\":20000,\"period\":50000}}");
        _ = bundle.Verb("update", "--resources", file, bundle.Id).Good;
        using var cgroup = Cgroup.Open(CgroupHierarchies.Detect(), bundle.Linux.CgroupsPath!);
        var stats = cgroup.Stats();
        Assert.Equal((64UL << 20, 17UL), (stats.Memory!.Limit, stats.Pids!.Limit));
        Assert.Contains("cannot set", bundle.Verb("update", "--cpuset-cpus", "4095", bundle.Id).Error, StringComparison.Ordinal);
        _ = bundle.Verb("kill", bundle.Id, "KILL").Good;
        Wait(() => State(bundle).Status == "stopped");
        Assert.Contains("not running", bundle.Verb("update", "--memory", "64m", bundle.Id).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_tell_the_counters_once_or_until_the_end()
    {
        using var bundle = new Bundle();
        bundle.StartSleeping();
        using var once = JsonDocument.Parse(bundle.Verb("events", "--stats", bundle.Id).Good);
        Assert.Equal(("stats", bundle.Id), (once.RootElement.GetProperty("type").GetString(), once.RootElement.GetProperty("id").GetString()));
        Assert.Equal(1, once.RootElement.GetProperty("data").GetProperty("pids").GetProperty("current").GetInt32());
        Assert.True(once.RootElement.GetProperty("data").GetProperty("memory").GetProperty("usage").GetProperty("usage").GetInt64() > 0);

        using var events = NativeRuntime.Begin(bundle.Folder, "--root", bundle.States, "events", "--interval", "50ms", bundle.Id);
        for (int line = 0; line < 3; line++)
            Assert.StartsWith("{\"type\":\"stats\"", await events.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        _ = bundle.Verb("kill", bundle.Id, "KILL").Good;
        await events.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await events.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, events.ExitCode);
        Assert.Contains("not running", bundle.Verb("events", bundle.Id).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_created_container_can_be_deleted_unstarted()
    {
        using var bundle = new Bundle();
        bundle.Save();
        Assert.Equal(0, bundle.Verb("create", bundle.Id).Code);
        _ = bundle.Verb("delete", bundle.Id).Good;
        Assert.Empty(Directory.GetDirectories(bundle.States));
    }

    [Fact]
    public void An_exec_has_the_containers_limits_namespaces_and_its_own_identity()
    {
        using var bundle = new Bundle();
        bundle.StartSleeping();
        string[] lines = bundle.Exec("--user", "1000:7", "--cwd", "/tmp", "--env", "A=b", "--additional-gids", "9", bundle.Id,
            "sh", "-c", "id -u; id -g; pwd; echo $A $HOME; cat /proc/self/cgroup | cut -d: -f3; readlink /proc/1/exe; grep -E 'Groups|CapEff|NoNew' /proc/self/status; ls /proc/self/fd").Lines;
        Assert.Equal(["1000", "7", "/tmp", "b /home/user"], lines[..4]);
        Assert.Contains("Groups:\t9 ", lines);
        Assert.Contains("NoNewPrivs:\t1", lines);
        Assert.Contains("CapEff:\t0000000000000000", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("/" + CgroupParents.Name, StringComparison.Ordinal));
        Assert.Equal(["0", "1", "2", "3"], lines[^4..]);
    }

    [Fact]
    public void An_exec_of_a_process_file_and_one_with_a_terminal()
    {
        using var bundle = new Bundle();
        bundle.StartSleeping();
        string file = Path.Combine(bundle.Folder, "process.json");
        File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(
            new SpecProcess { User = new SpecUser { Uid = 3 }, Args = ["id", "-u"], Env = ["PATH=/bin"], Cwd = "/" }, RuntimeSpecJson.Default.SpecProcess));
        Assert.Equal("3\n", bundle.Exec("--process", file, bundle.Id).Good);
        var outcome = NativeRuntime.Start("/usr/bin/script", bundle.Folder, null, "-qec",
            $"{NativeRuntime.Executable} --root {bundle.States} exec -t {bundle.Id} sh -c 'tty; exit 5'", "/dev/null");
        Assert.Equal(5, outcome.Code);
        Assert.Contains("/dev/pts/0", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exec_runs_on_the_cpus_asked_for()
    {
        using var bundle = new Bundle();
        bundle.StartSleeping();
        string file = Path.Combine(bundle.Folder, "process.json");
        SpecProcess With(SpecCpuAffinity affinity) => new()
        {
            User = new SpecUser(),
            Args = ["grep", "Cpus_allowed_list", "/proc/self/status"],
            Env = ["PATH=/bin"],
            Cwd = "/",
            ExecCpuAffinity = affinity,
        };
        void Save(SpecProcess process) => File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(process, RuntimeSpecJson.Default.SpecProcess));
        Save(With(new SpecCpuAffinity { Initial = "0", Final = "0" }));
        Assert.Equal("Cpus_allowed_list:\t0\n", bundle.Exec("--process", file, bundle.Id).Good);
        Save(With(new SpecCpuAffinity { Final = "0-" }));
        Assert.Contains("invalid list of CPUs \"0-\"", bundle.Exec("--process", file, bundle.Id).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Hooks_run_where_and_when_they_belong()
    {
        using var bundle = new Bundle();
        string log = Path.Combine(bundle.Folder, "log");
        SpecHook[] Outside(string name) => [new SpecHook { Path = "/bin/sh", Args = ["sh", "-c", $"echo {name} $(cat) >> {log}"], Env = ["PATH=/bin:/usr/bin"] }];
        bundle.Spec = bundle.Spec with
        {
            Hooks = new SpecHooks
            {
                Prestart = Outside("prestart"),
                CreateRuntime = Outside("createRuntime"),
                CreateContainer = Outside("createContainer"),
                StartContainer = [new SpecHook { Path = "/bin/sh", Args = ["sh", "-c", "echo startContainer $(cat)"], Env = ["PATH=/bin"] }],
                Poststart = Outside("poststart"),
                Poststop = Outside("poststop"),
            },
        };
        string[] output = bundle.Shell("echo main").Lines;
        Assert.StartsWith("startContainer {", output[0], StringComparison.Ordinal);
        Assert.Contains("\"pid\":1,", output[0], StringComparison.Ordinal);
        Assert.Equal("main", output[1]);
        string[] lines = File.ReadAllLines(log);
        Assert.Equal(["prestart", "createRuntime", "createContainer", "poststart", "poststop"], lines.Select(line => line.Split(' ')[0]));
        Assert.Equal(["creating", "creating", "creating", "running", "stopped"],
            lines.Select(line => JsonDocument.Parse(line[line.IndexOf('{')..]).RootElement.GetProperty("status").GetString()!));
    }

    [Fact]
    public void A_hook_that_fails_or_hangs_ends_the_creation()
    {
        using var bundle = new Bundle();
        foreach (var (script, timeout, message) in new[] { ("exit 3", (int?)null, "exit status 3"), ("exec sleep 100", 1, "") })
        {
            SpecHook[] hooks = [new SpecHook { Path = "/bin/sh", Args = ["sh", "-c", script], Env = ["PATH=/bin:/usr/bin"], Timeout = timeout }];
            foreach (var where in new[] { new SpecHooks { Prestart = hooks }, new SpecHooks { CreateContainer = hooks } })
            {
                bundle.Spec = bundle.Spec with { Hooks = where };
                var time = Stopwatch.StartNew();
                var outcome = bundle.Run();
                Assert.Equal(1, outcome.Code);
                Assert.Contains("hook /bin/sh: " + message, outcome.Error, StringComparison.Ordinal);
                // Long before the hook itself would end.
                Assert.True(time.Elapsed < TimeSpan.FromSeconds(90));
                Assert.Empty(Directory.GetDirectories(bundle.States));
            }
        }
    }

    [Fact]
    public void A_hook_that_fails_after_the_start_or_the_end_is_told_and_changes_nothing()
    {
        using var bundle = new Bundle();
        SpecHook[] Failing(string name) =>
        [
            new SpecHook { Path = "/bin/sh", Args = ["sh", "-c", "exit 3"], Env = ["PATH=/bin"] },
            new SpecHook { Path = "/bin/sh", Args = ["sh", "-c", $"echo {name} >> {bundle.Folder}/log"], Env = ["PATH=/bin"] },
        ];
        bundle.Spec = bundle.Spec with { Hooks = new SpecHooks { Poststart = Failing("poststart"), Poststop = Failing("poststop") } };
        var outcome = bundle.Shell("exit 7");
        Assert.Equal(7, outcome.Code);
        Assert.Contains("warning: error running poststart hook /bin/sh: exit status 3", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("warning: error running poststop hook /bin/sh: exit status 3", outcome.Error, StringComparison.Ordinal);
        bundle.StartSleeping();
        _ = bundle.Verb("delete", "--force", bundle.Id).Good;
        Assert.Equal(["poststart", "poststop", "poststart", "poststop"], File.ReadAllLines(Path.Combine(bundle.Folder, "log")));
    }

    [Fact]
    public void Features_and_the_sample_specification_are_valid_json()
    {
        using var bundle = new Bundle();
        using var features = JsonDocument.Parse(bundle.Verb("features").Good);
        Assert.Equal("1.0.0", features.RootElement.GetProperty("ociVersionMin").GetString());
        _ = bundle.Verb("spec").Good;
        Assert.Equal(["sh"], RuntimeSpecReader.Read(File.ReadAllBytes(Path.Combine(bundle.Folder, "config.json"))).Process!.Args!);
    }

    private static (string Status, string Pid) State(Bundle bundle)
    {
        using var state = JsonDocument.Parse(bundle.Verb("state", bundle.Id).Good);
        return (state.RootElement.GetProperty("status").GetString()!, state.RootElement.GetProperty("pid").GetInt32().ToString());
    }

    private static void Wait(Func<bool> condition)
    {
        var time = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(time.Elapsed < TimeSpan.FromSeconds(60), "waited in vain");
            Thread.Sleep(10);
        }
    }
}
