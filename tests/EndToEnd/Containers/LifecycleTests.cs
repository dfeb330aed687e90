using System.Diagnostics;
using System.Text.Json;
using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Containers;

/// <summary>The verbs of a container's life, with the stock docker CLI and with hafen.</summary>
public sealed class LifecycleTests(SharedDaemon shared)
{
    public static TheoryData<string> Clients => new("docker", "hafen");

    private Client On(string client) => shared.Daemon.Client(client);

    [Theory, MemberData(nameof(Clients))]
    public void A_life_from_create_to_rm(string client)
    {
        var cli = On(client);
        string name = Name();
        string id = cli.Run("create", "--name", name, "--label", "harbour=yes", "busybox", "sh", "-c", "trap 'exit 9' TERM; echo up; while :; do sleep 0.1; done").Ok().Line;
        Assert.Matches("^[0-9a-f]{64}$", id);
        Assert.Equal("created", Inspect(cli, name, "{{.State.Status}}"));

        Assert.Equal(name, cli.Run("start", name).Ok().Line);
        Assert.Equal("running", Inspect(cli, name, "{{.State.Status}}"));
        Until(() => cli.Run("logs", name).Ok().Line == "up");

        cli.Run("pause", name).Ok();
        Assert.Equal("paused", Inspect(cli, name, "{{.State.Status}}"));
        cli.Run("exec", name, "true").Fails(1, "is paused, unpause the container before exec");
        cli.Run("unpause", name).Ok();

        string other = Name();
        cli.Run("rename", name, other).Ok();
        Assert.Equal("/" + other, Inspect(cli, id, "{{.Name}}"));
        Assert.Contains(other, cli.Run("ps", "--filter", "label=harbour=yes", "--format", "{{.Names}}").Ok().Lines);

        Assert.Contains("sleep 0.1", cli.Run("top", other).Ok().Text, StringComparison.Ordinal);

        cli.Run("restart", "-t", "5", other).Ok();
        Assert.Equal("running", Inspect(cli, other, "{{.State.Status}}"));
        // Before that the shell has no trap, and a first process without one does not hear the signal.
        Until(() => cli.Run("logs", other).Ok().Lines.Count(line => line == "up") == 2);

        cli.Run("rm", other).Fails(1, "container is running");
        cli.Run("stop", "-t", "5", other).Ok();
        Assert.Equal("exited 9", Inspect(cli, other, "{{.State.Status}} {{.State.ExitCode}}"));
        Assert.Equal("9", cli.Run("wait", other).Ok().Line);
        Assert.Matches(@"Exited \(9\) .* ago", cli.Run("ps", "-a", "--filter", "id=" + id, "--format", "{{.Status}}").Ok().Line);

        cli.Run("rm", other).Ok();
        cli.Run("inspect", other).Fails(1, "No such object: " + other);
    }

    [Theory, MemberData(nameof(Clients))]
    public void Stop_kills_what_does_not_listen(string client)
    {
        var cli = On(client);
        string name = Name();
        cli.Run("run", "-d", "--name", name, "busybox", "sleep", "1000").Ok();
        cli.Run("stop", "-t", "1", name).Ok();
        Assert.Equal("137", Inspect(cli, name, "{{.State.ExitCode}}"));
        cli.Run("kill", name).Fails(1, "is not running");
        cli.Run("rm", name).Ok();
    }

    [Theory, MemberData(nameof(Clients))]
    public void A_name_is_taken_once(string client)
    {
        var cli = On(client);
        string name = Name();
        cli.Run("create", "--name", name, "busybox").Ok();
        cli.Run("create", "--name", name, "busybox").Fails(1, $"Conflict. The container name \"/{name}\" is already in use by container");
        cli.Run("rm", name).Ok();
    }

    [Theory, MemberData(nameof(Clients))]
    public void Exec_runs_further_processes(string client)
    {
        var cli = On(client);
        string name = Name();
        cli.Run("run", "-d", "--name", name, "-e", "BASE=one", "busybox", "sleep", "1000").Ok();
        Assert.Equal("one two", cli.Run("exec", "-e", "MORE=two", name, "sh", "-c", "echo $BASE $MORE").Ok().Line);
        Assert.Equal("/tmp", cli.Run("exec", "-w", "/tmp", name, "pwd").Ok().Line);
        Assert.Equal("1000", cli.Run("exec", "-u", "alice", name, "id", "-u").Ok().Line);
        Assert.Equal(42, cli.Run("exec", name, "sh", "-c", "exit 42").ExitCode);
        var missing = cli.Run("exec", name, "nosuch");
        Assert.Equal(127, missing.ExitCode);
        // As with Docker the reason comes on the process's own output.
        Assert.Contains("executable file not found in $PATH", missing.Text, StringComparison.Ordinal);
        Assert.Equal("piped", cli.RunWith("piped"u8.ToArray(), "exec", "-i", name, "cat").Ok().Text);
        cli.Run("exec", "-d", name, "sh", "-c", "echo done > /tmp/detached").Ok();
        Until(() => cli.Run("exec", name, "cat", "/tmp/detached").Line == "done");
        Assert.Equal("Seccomp:2", cli.Run("exec", name, "sh", "-c", "grep Seccomp: /proc/self/status | tr -d '\t'").Ok().Line);
        cli.Run("rm", "-f", name).Ok();
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Exec_on_a_terminal(string client)
    {
        var cli = On(client);
        string name = Name();
        cli.Run("run", "-d", "--name", name, "busybox", "sleep", "1000").Ok();
        var result = await cli.RunOnTerminalAsync(["exec", "-it", name, "sh"], "tty; stty size\n", "exit 6\n");
        Assert.Equal(6, result.ExitCode);
        Assert.Contains("/dev/pts/0", result.Text, StringComparison.Ordinal);
        Assert.Contains("33 111", result.Text, StringComparison.Ordinal);
        cli.Run("rm", "-f", name).Ok();
    }

    [Theory, MemberData(nameof(Clients))]
    public void Logs_are_complete_and_selectable(string client)
    {
        var cli = On(client);
        string name = Name();
        cli.Run("run", "--name", name, "busybox", "sh", "-c", "seq 1 20000; echo oops >&2").Ok();
        var all = cli.Run("logs", name).Ok();
        Assert.Equal(20_000, all.Lines.Length);
        Assert.Equal("oops\n", all.ErrorText);
        Assert.Equal(["19999", "20000"], cli.Run("logs", "--tail", "3", name).Ok().Lines);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z 20000$", cli.Run("logs", "-t", "--tail", "2", name).Ok().Line);
        Assert.Empty(cli.Run("logs", "--until", "2020-01-01T00:00:00Z", name).Ok().Output);
        Assert.Equal(20_000, cli.Run("logs", "--since", "1h", name).Ok().Lines.Length);
        cli.Run("rm", name).Ok();
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Followed_logs_end_with_the_container(string client)
    {
        var cli = On(client);
        string name = Name();
        cli.Run("run", "-d", "--name", name, "busybox", "sh", "-c", "for i in 1 2 3 4 5; do echo line $i; sleep 0.2; done; seq 1 5000").Ok();
        var result = await cli.RunAsync("logs", "-f", name);
        Assert.Equal(5005, result.Ok().Lines.Length);
        cli.Run("rm", name).Ok();
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Attach_sees_the_rest_and_the_exit_code(string client)
    {
        var cli = On(client);
        string name = Name();
        cli.Run("run", "-d", "--name", name, "busybox", "sh", "-c", "until test -e /go; do echo waits; sleep 0.1; done; seq 1 30000; exit 8").Ok();
        using var attached = cli.Start("attach", name);
        // What it sees shows that it is there, and only then the rest begins.
        Assert.Equal("waits", await attached.StandardOutput.ReadLineAsync());
        cli.Run("exec", name, "touch", "/go").Ok();
        string[] lines = [.. (await attached.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line != "waits")];
        await attached.WaitForExitAsync();
        Assert.Equal(8, attached.ExitCode);
        Assert.Equal("30000", lines[^1]);
        Assert.Equal(30_000, lines.Length);
        cli.Run("rm", name).Ok();
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task A_signal_to_the_client_reaches_the_process(string client)
    {
        var cli = On(client);
        string name = Name();
        using var running = cli.Start("run", "--name", name, "busybox", "sh", "-c", "trap 'echo got it; exit 11' TERM; echo ready; while :; do sleep 0.1; done");
        Assert.Equal("ready", await running.StandardOutput.ReadLineAsync());
        Command.Run("kill", "-TERM", running.Id.ToString()).Ok();
        Assert.Equal("got it", await running.StandardOutput.ReadLineAsync());
        await running.WaitForExitAsync();
        Assert.Equal(11, running.ExitCode);
        cli.Run("rm", name).Ok();
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task Who_interrupts_three_times_gets_out(string client)
    {
        // Older docker clients have their own ideas here.
        if (client == "docker")
            StockClient.Require();
        var cli = On(client);
        string name = Name();
        using var running = cli.Start("run", "--name", name, "busybox", "sh", "-c", "trap '' INT; echo ready; sleep 1000");
        Assert.Equal("ready", await running.StandardOutput.ReadLineAsync());
        for (int round = 0; round < 3; round++)
        {
            Assert.False(running.HasExited);
            Command.Run("kill", "-INT", running.Id.ToString()).Ok();
            // Two that come too soon after each other would be one.
            await Task.Delay(500);
        }

        await running.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(1, running.ExitCode);
        Assert.Contains("got 3 SIGTERM/SIGINTs, forcefully exiting", await running.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("true", Inspect(cli, name, "{{.State.Running}}"));
        cli.Run("rm", "-f", name).Ok();
    }

    [Theory]
    [InlineData("docker", "exec -it {0} sleep 100")]
    [InlineData("hafen", "exec -it {0} sleep 100")]
    [InlineData("hafen", "attach {0}")]
    public async Task The_terminal_is_given_back_after_a_signal(string client, string command)
    {
        // Older docker clients have their own ideas here.
        if (client == "docker")
            StockClient.Require();
        string name = Name();
        On(client).Run("run", "-dit", "--name", name, "busybox", "sleep", "1000").Ok();
        string program = client == "docker" ? client : Daemon.Executable(client);
        string script = $$"""
            cd $(mktemp -d) && stty -g >before
            $0 {{string.Format(command, name)}} </dev/tty >/dev/tty & client=$!
            for limit in $(seq 100); do stty -g </dev/tty >during; cmp -s before during || break; sleep 0.1; done
            kill -TERM $client; wait $client
            stty -g >after; ! cmp -s before during && cmp before after && echo given-back
            rm -r "$PWD"
            """;
        var result = await new Client("sh", shared.Daemon.Host).RunOnTerminalAsync(["-c", script, program]);
        Assert.Contains("given-back", result.Text, StringComparison.Ordinal);
        On(client).Run("rm", "-f", name).Ok();
    }

    [Theory, MemberData(nameof(Clients))]
    public void Events_tell_a_container_s_life(string client)
    {
        var cli = On(client);
        string name = Name();
        string since = DateTimeOffset.UtcNow.AddSeconds(-2).ToUnixTimeSeconds().ToString();
        cli.Run("run", "--rm", "--name", name, "busybox", "sh", "-c", "exit 3");
        string until = DateTimeOffset.UtcNow.AddSeconds(2).ToUnixTimeSeconds().ToString();
        string[] lines = cli.Run("events", "--since", since, "--until", until, "--filter", "container=" + name, "--format", "{{json .}}").Ok().Lines;
        var actions = lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("Action").GetString()).ToList();
        Assert.Equal(["create", "attach", "start", "die", "destroy"], actions);
        var die = JsonDocument.Parse(lines[3]).RootElement.GetProperty("Actor").GetProperty("Attributes");
        Assert.Equal("3", die.GetProperty("exitCode").GetString());
        Assert.Equal("busybox", die.GetProperty("image").GetString());
    }

    [Theory, MemberData(nameof(Clients))]
    public void Inspect_tells_what_was_asked_for(string client)
    {
        var cli = On(client);
        string name = Name();
        cli.Run("create", "--name", name, "-e", "A=1", "-l", "b=2", "--memory", "32m", "--restart", "always", "-w", "/tmp", "busybox", "echo", "hi").Ok();
        using var document = JsonDocument.Parse(cli.Run("inspect", name).Ok().Output);
        var inspected = document.RootElement[0];
        Assert.Equal("/" + name, inspected.GetProperty("Name").GetString());
        Assert.Equal(["echo", "hi"], inspected.GetProperty("Config").GetProperty("Cmd").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal("2", inspected.GetProperty("Config").GetProperty("Labels").GetProperty("b").GetString());
        Assert.Equal(32 << 20, inspected.GetProperty("HostConfig").GetProperty("Memory").GetInt64());
        Assert.Equal("always", inspected.GetProperty("HostConfig").GetProperty("RestartPolicy").GetProperty("Name").GetString());
        Assert.Equal("overlay2", inspected.GetProperty("Driver").GetString());
        cli.Run("rm", name).Ok();
    }

    [Theory, MemberData(nameof(Clients))]
    public void An_oom_is_told(string client)
    {
        var cli = On(client);
        string name = Name();
        cli.Run("run", "--name", name, "--memory", "8m", "--memory-swap", "8m", "busybox", "sh", "-c", "x=a; while :; do x=$x$x; done");
        Assert.Equal("true", Inspect(cli, name, "{{.State.OOMKilled}}"));
        cli.Run("rm", name).Ok();
    }

    private static string Inspect(Client cli, string container, string format) => cli.Run("inspect", "-f", format, container).Ok().Line;

    private static void Until(Func<bool> condition)
    {
        var limit = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(limit.Elapsed < TimeSpan.FromSeconds(60), "the condition did not come true");
            Thread.Sleep(50);
        }
    }

    private static string Name() => "t-" + Guid.NewGuid().ToString("N")[..12];
}
