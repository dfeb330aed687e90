using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Daemons;

/// <summary>A daemon that is killed and started again: containers do not notice.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task Containers_outlive_the_daemon()
    {
        using (var daemon = new Daemon("crash"))
        {
            daemon.Start();
            Busybox.ImportInto(daemon);
            var docker = daemon.Docker;
            docker.Run("run", "-d", "--name", "counts", "busybox", "sh", "-c", "i=0; while [ $i -lt 1000 ]; do i=$((i+1)); echo $i; sleep 0.01; done; sleep 1000").Ok();
            string signal = Directory.CreateDirectory(Path.Combine(daemon.Folder, "signal")).FullName;
            const string until = "until test -e /signal/end; do sleep 0.1; done; ";
            docker.Run("run", "-d", "--name", "ends", "-v", signal + ":/signal", "busybox", "sh", "-c", until + "exit 21").Ok();
            docker.Run("run", "-dit", "--name", "shell", "busybox", "sh").Ok();
            docker.Run("run", "-d", "--name", "returns", "--restart", "always", "-v", signal + ":/signal", "busybox", "sh", "-c", until + "exit 1").Ok();
            string pid = docker.Run("inspect", "-f", "{{.State.Pid}}", "counts").Ok().Line;
            string[] ending = [.. ((string[])["ends", "returns"]).Select(name => MonitorOf(docker.Run("inspect", "-f", "{{.State.Pid}}", name).Ok().Line))];

            daemon.Crash();
            // Two of them end while nobody is there to hear of it.
            File.WriteAllText(Path.Combine(signal, "end"), "");
            for (int attempt = 0; attempt < 600 && ending.Any(monitor => Directory.Exists("/proc/" + monitor)); attempt++)
                await Task.Delay(100);
            Assert.DoesNotContain(ending, monitor => Directory.Exists("/proc/" + monitor));
            Assert.True(Directory.Exists("/proc/" + pid), "the container ended with the daemon");
            daemon.Start();

            Assert.Equal("running " + pid, docker.Run("inspect", "-f", "{{.State.Status}} {{.State.Pid}}", "counts").Ok().Line);
            Assert.Equal("exited 21", docker.Run("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", "ends").Ok().Line);
            for (int attempt = 0; attempt < 600 && docker.Run("logs", "--tail", "1", "counts").Ok().Line != "1000"; attempt++)
                await Task.Delay(100);
            Assert.Equal(Enumerable.Range(1, 1000).Select(i => i.ToString()), docker.Run("logs", "counts").Ok().Lines);

            var attached = await docker.RunOnTerminalAsync(["attach", "shell"], "echo back-$((40+2))\n", "exit 3\n");
            Assert.Contains("back-42", attached.Text, StringComparison.Ordinal);
            Assert.Equal(3, attached.ExitCode);
            Assert.Equal("still here", docker.Run("exec", "counts", "echo", "still here").Ok().Line);
            for (int attempt = 0; attempt < 600 && docker.Run("inspect", "-f", "{{.RestartCount}}", "returns").Ok().Line == "0"; attempt++)
                await Task.Delay(100);
            Assert.NotEqual("0", docker.Run("inspect", "-f", "{{.RestartCount}}", "returns").Ok().Line);
            docker.Run("run", "--rm", "busybox", "ip", "addr").Ok();
        }
        Assert.Empty(Machine.Left(TestRun.Name("crash")));
    }

    [Fact]
    public async Task A_container_whose_monitor_is_killed_ends_and_can_be_started_again()
    {
        using var daemon = new Daemon("orphan");
        daemon.Start();
        Busybox.ImportInto(daemon);
        var docker = daemon.Docker;
        docker.Run("run", "-d", "--name", "orphan", "busybox", "sh", "-c", "sleep 1000 & while :; do echo up; sleep 0.1; done").Ok();
        using var attached = docker.Start("attach", "orphan");
        Assert.Equal("up", attached.StandardOutput.ReadLine());
        string pid = docker.Run("inspect", "-f", "{{.State.Pid}}", "orphan").Ok().Line;
        string monitor = MonitorOf(pid);
        Assert.Equal("hafen-monitor", File.ReadAllText($"/proc/{monitor}/comm").Trim());

        Command.Run("kill", "-KILL", monitor).Ok();

        Assert.Equal("137", docker.Run("wait", "orphan").Ok().Line);
        attached.StandardOutput.ReadToEnd();
        await attached.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(137, attached.ExitCode);
        for (int attempt = 0; attempt < 1200 && Directory.Exists("/proc/" + pid); attempt++)
            await Task.Delay(50);
        Assert.False(Directory.Exists("/proc/" + pid), "the container outlives its end");
        docker.Run("start", "orphan").Ok();
        Assert.Equal("again", docker.Run("exec", "orphan", "echo", "again").Ok().Line);
    }
    private static string MonitorOf(string pid)
        => File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("PPid:", StringComparison.Ordinal))[5..].Trim();
}
