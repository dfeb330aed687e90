using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Daemons;

/// <summary>Monitors that are stopped while the daemon is killed and started: nobody loses a container, and nobody waits for ever.</summary>
public sealed class HungMonitorTests
{
    [Fact]
    public async Task Containers_outlive_the_daemon_while_their_monitors_are_stopped()
    {
        using var daemon = new Daemon("hung");
        daemon.Start();
        Busybox.ImportInto(daemon);
        var docker = daemon.Docker;
        foreach (string name in (string[])["goes-on", "killed", "removed", "stopped"])
            docker.Run("run", "-di", "--name", name, "busybox", "sh", "-c", "trap 'exit 5' TERM; while read line; do echo got $line; done & while :; do echo on; sleep 0.1; done").Ok();
        docker.Run("run", "-d", "--name", "free", "busybox", "sleep", "1000").Ok();
        var monitors = new Dictionary<string, string>();
        foreach (string name in (string[])["goes-on", "killed", "removed", "stopped"])
        {
            string pid = docker.Run("inspect", "-f", "{{.State.Pid}}", name).Ok().Line;
            monitors[name] = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("PPid:", StringComparison.Ordinal))[5..].Trim();
            Command.Run("kill", "-STOP", monitors[name]).Ok();
        }
        try
        {
            daemon.Crash();
            daemon.Start();

            // All count as running; who answers is reached at once.
            Assert.Equal(["free", "goes-on", "killed", "removed", "stopped"], docker.Run("ps", "--format", "{{.Names}}").Ok().Lines.Order(StringComparer.Ordinal));
            Assert.Equal("free", docker.Run("exec", "free", "echo", "free").Ok().Line);

            // What needs the monitor says so.
            Assert.Contains("cannot be reached: it does not answer", daemon.Hafen.Run("attach", "--no-stdin", "goes-on").ErrorText, StringComparison.Ordinal);
            Assert.Contains("503", docker.Run("attach", "--no-stdin", "goes-on").ErrorText, StringComparison.Ordinal);
            var exec = docker.Run("exec", "goes-on", "true");
            Assert.NotEqual(0, exec.ExitCode);
            Assert.Contains("cannot be reached: it does not answer", exec.Text + exec.ErrorText, StringComparison.Ordinal);

            // What ends a container does not need it, and those who wait for the end are told.
            using var waits = docker.Start("wait", "killed");
            using var follows = docker.Start("logs", "-f", "killed");
            docker.Run("kill", "killed").Ok();
            Assert.Equal("137", waits.StandardOutput.ReadToEnd().Trim());
            follows.StandardOutput.ReadToEnd();
            docker.Run("rm", "-f", "removed").Ok();
            docker.Run("stop", "-t", "3", "stopped").Ok();
            Assert.Equal("exited 5", docker.Run("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", "stopped").Ok().Line);
            Assert.Equal(["free", "goes-on"], docker.Run("ps", "--format", "{{.Names}}").Ok().Lines.Order(StringComparer.Ordinal));
            docker.Run("start", "killed").Ok();
            Assert.Equal("again", docker.Run("exec", "killed", "echo", "again").Ok().Line);

            // One that goes on is found again.
            Command.Run("kill", "-CONT", monitors["goes-on"]).Ok();
            for (int attempt = 0; attempt < 600 && docker.Run("exec", "goes-on", "true").ExitCode != 0; attempt++)
                await Task.Delay(50);
            Assert.Equal("here", docker.Run("exec", "goes-on", "echo", "here").Ok().Line);
            using var attached = docker.Start("attach", "--no-stdin", "goes-on");
            Assert.Equal("on", await attached.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            docker.Run("stop", "-t", "10", "goes-on").Ok();
            attached.StandardOutput.ReadToEnd();
            await attached.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(5, attached.ExitCode);
        }
        finally
        {
            foreach (string monitor in monitors.Values)
                Command.Run("kill", "-CONT", monitor);
        }
    }

    [Fact]
    public void A_start_of_the_daemon_waits_for_no_monitor()
    {
        const int count = 24, hung = 6;
        using var daemon = new Daemon("manyhung");
        daemon.Start();
        Busybox.ImportInto(daemon);
        var docker = daemon.Docker;
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => docker.Run("run", "-d", "--name", "c" + i, "--network", "none", "busybox", "sleep", "1000").Ok());
        var monitors = Enumerable.Range(0, hung).Select(i => docker.Run("inspect", "-f", "{{.State.Pid}}", "c" + i).Ok().Line)
            .Select(pid => File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("PPid:", StringComparison.Ordinal))[5..].Trim()).ToList();
        foreach (string monitor in monitors)
            Command.Run("kill", "-STOP", monitor).Ok();
        try
        {
            daemon.Crash();
            // The start itself is bounded: by less than one hung monitor's worth of waiting for each of them would take.
            daemon.Start();
            Assert.Equal(count, docker.Run("ps", "-q").Ok().Lines.Length);
        }
        finally
        {
            foreach (string monitor in monitors)
                Command.Run("kill", "-CONT", monitor);
        }
    }
}
