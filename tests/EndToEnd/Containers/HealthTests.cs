using System.Diagnostics;
using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Containers;

/// <summary>Health checks, as people see them with the stock docker CLI and with hafen.</summary>
public sealed class HealthTests(SharedDaemon shared)
{
    public static TheoryData<string> Clients => new("docker", "hafen");

    [Theory, MemberData(nameof(Clients))]
    public void A_container_is_found_ill_and_well_again(string client)
    {
        var cli = shared.Daemon.Client(client);
        string name = "health-" + client;
        cli.Run("run", "-d", "--name", name, "--network", "none", "--health-cmd", "until test -e /begin; do sleep 0.1; done; echo looking; test -e /ok", "--health-interval", "200ms", "--health-retries", "2",
            "busybox", "sleep", "1000").Ok();
        using var events = cli.Start("events", "--since", "1m", "--filter", "container=" + name, "--filter", "event=health_status", "--format", "{{.Action}}");
        // Its first check does not end before that.
        Assert.Contains("(health: starting)", Status(), StringComparison.Ordinal);
        cli.Run("exec", name, "touch", "/begin").Ok();
        Until("unhealthy");
        Assert.Contains("(unhealthy)", Status(), StringComparison.Ordinal);
        Assert.Equal("1 looking", cli.Run("inspect", "-f", "{{with index .State.Health.Log 0}}{{.ExitCode}} {{.Output}}{{end}}", name).Ok().Text.Trim());

        cli.Run("exec", name, "touch", "/ok").Ok();
        Until("healthy");
        Assert.Contains("(healthy)", Status(), StringComparison.Ordinal);
        Assert.Equal("0", cli.Run("inspect", "-f", "{{.State.Health.FailingStreak}}", name).Ok().Line);
        Assert.Equal(name, cli.Run("ps", "--filter", "health=healthy", "--filter", "name=" + name, "--format", "{{.Names}}").Ok().Line);
        Assert.Equal("health_status: unhealthy", events.StandardOutput.ReadLine());
        Assert.Equal("health_status: healthy", events.StandardOutput.ReadLine());
        events.Kill();

        // A container that is gone is not well; one that comes back begins anew.
        cli.Run("stop", "-t", "0", name).Ok();
        Assert.Equal("unhealthy", Health());
        cli.Run("start", name).Ok();
        Until("healthy");
        cli.Run("rm", "-f", name).Ok();

        string Status() => cli.Run("ps", "--filter", "name=" + name, "--format", "{{.Status}}").Ok().Line;
        string Health() => cli.Run("inspect", "-f", "{{.State.Health.Status}}", name).Ok().Line;
        void Until(string status)
        {
            var limit = Stopwatch.StartNew();
            while (Health() != status)
            {
                Assert.True(limit.Elapsed < TimeSpan.FromSeconds(60), $"{name} is {Health()}, not {status}");
                Thread.Sleep(100);
            }
        }
    }

    [Fact]
    public void A_check_that_never_stops_writing_is_ended_with_its_children()
    {
        var cli = shared.Daemon.Client("docker");
        cli.Run("run", "-d", "--name", "health-writes", "--network", "none", "--health-cmd", "yes & yes | cat & yes; sleep 1000", "--health-interval", "100ms",
            "--health-timeout", "300ms", "--health-retries", "1000", "busybox", "sleep", "1000").Ok();
        var limit = Stopwatch.StartNew();
        while (int.Parse(cli.Run("inspect", "-f", "{{.State.Health.FailingStreak}}", "health-writes").Ok().Line, System.Globalization.CultureInfo.InvariantCulture) < 4)
        {
            Assert.True(limit.Elapsed < TimeSpan.FromSeconds(60), "checks are not ended");
            Thread.Sleep(100);
        }
        // One check may be running, and those of the one before it may just be ending: they do not pile up.
        while (cli.Run("top", "health-writes", "-o", "pid,comm").Ok().Lines.Count(line => line.EndsWith(" yes", StringComparison.Ordinal)) is > 3 and var writers)
        {
            Assert.True(limit.Elapsed < TimeSpan.FromSeconds(90), $"{writers} processes of checks");
            Thread.Sleep(100);
        }
        Assert.Equal("-1", cli.Run("inspect", "-f", "{{(index .State.Health.Log 0).ExitCode}}", "health-writes").Ok().Line);
        Assert.True(cli.Run("inspect", "-f", "{{(index .State.Health.Log 0).Output}}", "health-writes").Ok().Text.Length < 5000);
        cli.Run("rm", "-f", "health-writes").Ok();
    }

    [Fact]
    public void A_check_that_hangs_is_ended_and_one_that_cannot_run_says_why()
    {
        var cli = shared.Daemon.Client("docker");
        cli.Run("run", "-d", "--name", "health-hangs", "--network", "none", "--health-cmd", "echo in vain; sleep 1000", "--health-interval", "100ms", "--health-timeout", "5s",
            "busybox", "sleep", "1000").Ok();
        cli.Run("run", "-d", "--name", "health-cannot", "--network", "none", "--health-interval", "100ms", "--health-cmd", "true", "--workdir", "/away",
            "busybox", "sh", "-c", "rmdir /away; sleep 1000").Ok();
        Assert.Equal("-1 Health check exceeded timeout (5s): in vain", First("health-hangs"));
        Assert.NotEqual("0", First("health-cannot").Split(' ')[0]);
        var limit = Stopwatch.StartNew();
        while (cli.Run("top", "health-hangs", "-o", "pid,args").Ok().Lines.Count(line => line.Contains("in vain", StringComparison.Ordinal)) > 1)
            Assert.True(limit.Elapsed < TimeSpan.FromSeconds(60), "checks that hang pile up");
        cli.Run("rm", "-f", "health-hangs", "health-cannot").Ok();

        string First(string name)
        {
            while (true)
            {
                string[] found = cli.Run("inspect", "-f", "{{range .State.Health.Log}}{{.ExitCode}} {{.Output}}|{{end}}", name).Ok().Text.Split('|');
                if (found.Length > 1)
                    return found[0].Trim();
                Thread.Sleep(100);
            }
        }
    }

    [Fact]
    public void Without_a_check_there_is_no_health()
    {
        var cli = shared.Daemon.Client("docker");
        cli.Run("run", "-d", "--name", "health-none", "--network", "none", "--no-healthcheck", "busybox", "sleep", "1000").Ok();
        Assert.Equal("<nil>", cli.Run("inspect", "-f", "{{.State.Health}}", "health-none").Ok().Line);
        cli.Run("rm", "-f", "health-none").Ok();
    }
}
