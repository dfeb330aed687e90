using System.Security.Cryptography;
using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Containers;

/// <summary><c>run</c>, with the stock docker CLI and with hafen.</summary>
public sealed class RunTests(SharedDaemon shared)
{
    public static TheoryData<string> Clients => new("docker", "hafen");

    private Client On(string client) => shared.Daemon.Client(client);

    [Theory, MemberData(nameof(Clients))]
    public void Hello_world_greets_with_no_registry_in_reach(string client)
    {
        var result = On(client).Run("run", "--rm", "hello-world").Ok();
        Assert.Contains("Hello from Hafen!", result.Text, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Clients))]
    public void Output_and_error_stay_apart(string client)
    {
        var result = On(client).Run("run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2").Ok();
        Assert.Equal("out\n", result.Text);
        Assert.Equal("err\n", result.ErrorText);
    }

    [Theory]
    [InlineData("docker", "exit 0", 0)]
    [InlineData("docker", "exit 7", 7)]
    [InlineData("docker", "kill -9 $$; sleep 9", 137)]
    [InlineData("hafen", "exit 0", 0)]
    [InlineData("hafen", "exit 7", 7)]
    [InlineData("hafen", "kill -TERM $$; exit 3", 3)]
    public void The_exit_code_is_the_process_s(string client, string command, int code)
    {
        // A pid 1 ignores signals it does not handle, so the signal case runs beneath an init.
        string[] arguments = code == 137 ? ["run", "--rm", "--init", "busybox", "sh", "-c", command] : ["run", "--rm", "busybox", "sh", "-c", command];
        Assert.Equal(code, On(client).Run(arguments).ExitCode);
    }

    [Theory, MemberData(nameof(Clients))]
    public void A_missing_command_is_127(string client)
        => On(client).Run("run", "--rm", "busybox", "nosuch").Fails(127, "executable file not found in $PATH");

    [Theory, MemberData(nameof(Clients))]
    public void A_file_that_is_not_executable_is_126(string client)
        => On(client).Run("run", "--rm", "busybox", "/bin/plain-text").Fails(126, "permission denied");

    [Theory, MemberData(nameof(Clients))]
    public void An_unknown_user_is_125(string client)
        => On(client).Run("run", "--rm", "-u", "nobody-here", "busybox", "true").Fails(125, "unable to find user nobody-here: no matching entries in passwd file");

    [Theory, MemberData(nameof(Clients))]
    public void An_image_nobody_has_is_125(string client)
        => On(client).Run("run", "--rm", "no-such-image:1", "true").Fails(125, "Unable to find image 'no-such-image:1' locally");

    [Theory, MemberData(nameof(Clients))]
    public void An_unknown_flag_is_125(string client)
        => On(client).Run("run", "--no-such-flag", "busybox").Fails(125, "unknown flag: --no-such-flag");

    [Theory, MemberData(nameof(Clients))]
    public void Input_and_output_pass_whole(string client)
    {
        byte[] input = RandomNumberGenerator.GetBytes(24 << 20);
        var result = On(client).RunWith(input, "run", "--rm", "-i", "busybox", "cat").Ok();
        Assert.Equal(SHA256.HashData(input), SHA256.HashData(result.Output));
    }

    [Theory, MemberData(nameof(Clients))]
    public void Nothing_is_lost_at_the_end_of_a_stream(string client)
    {
        for (int round = 0; round < 5; round++)
        {
            var result = On(client).Run("run", "--rm", "busybox", "sh", "-c", "seq 1 50000; echo end >&2").Ok();
            Assert.Equal(50_000, result.Lines.Length);
            Assert.Equal("50000", result.Lines[^1]);
            Assert.Equal("end\n", result.ErrorText);
        }
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task A_reader_that_takes_its_time_gets_the_end_too(string client)
    {
        // A pager: it stops in the middle and reads on long after the container has ended. What is left then is more than socket and pipes hold.
        const int length = 12_000_000;
        var token = TestContext.Current.CancellationToken;
        using var process = On(client).Start("run", "--rm", "busybox", "head", "-c", $"{length}", "/dev/zero");
        var output = process.StandardOutput.BaseStream;
        await output.ReadExactlyAsync(new byte[9_000_000], token);
        await Task.Delay(TimeSpan.FromSeconds(13), token);
        using var rest = new MemoryStream();
        await output.CopyToAsync(rest, token);
        await process.WaitForExitAsync(token);
        Assert.Equal((0, length - 9_000_000), (process.ExitCode, (int)rest.Length));
    }

    [Fact]
    public void A_link_that_a_container_puts_into_a_volume_leads_nowhere_else()
    {
        // Debian's docker knows no volume-subpath yet.
        var hafen = shared.Daemon.Client("hafen");
        try
        {
            hafen.Run("run", "--rm", "-v", "trap:/v", "busybox", "sh", "-c", "ln -s /etc /v/link; mkdir /v/inner; echo inside > /v/inner/file").Ok();
            hafen.Run("run", "--rm", "--mount", "type=volume,src=trap,dst=/x,volume-subpath=link", "busybox", "ls", "/x").Fails(125, "error mounting");
            Assert.Equal("inside", hafen.Run("run", "--rm", "--mount", "type=volume,src=trap,dst=/x,volume-subpath=inner", "busybox", "cat", "/x/file").Ok().Line);
        }
        finally
        {
            shared.Daemon.Docker.Run("volume", "rm", "-f", "trap");
        }
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task A_terminal_has_its_size_and_its_keys(string client)
    {
        var result = await On(client).RunOnTerminalAsync(["run", "--rm", "-it", "busybox", "sh"], "tty; stty size\n", "echo answer-$((6*7))\n", "exit 5\n");
        Assert.Equal(5, result.ExitCode);
        Assert.Contains("/dev/pts/0", result.Text, StringComparison.Ordinal);
        Assert.Contains("33 111", result.Text, StringComparison.Ordinal);
        Assert.Contains("answer-42", result.Text, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task The_detach_keys_leave_the_container_running(string client)
    {
        string name = Name();
        await On(client).RunOnTerminalAsync(["run", "-it", "--name", name, "busybox", "sh"], "echo here\n", "\u0010\u0011");
        Assert.Equal("true", On(client).Run("inspect", "-f", "{{.State.Running}}", name).Ok().Line);
        var attached = await On(client).RunOnTerminalAsync(["attach", name], "echo again-$((1+1))\n", "exit 4\n");
        Assert.Contains("again-2", attached.Text, StringComparison.Ordinal);
        Assert.Equal(4, attached.ExitCode);
        On(client).Run("rm", name).Ok();
    }

    [Theory]
    [InlineData("docker", "-e", "A=b c", "echo $A", "b c")]
    [InlineData("hafen", "-e", "A=b c", "echo $A", "b c")]
    [InlineData("docker", "-w", "/var/log", "pwd", "/var/log")]
    [InlineData("hafen", "-w", "/not/there", "pwd", "/not/there")]
    [InlineData("docker", "-u", "alice", "id -u; id -G", "1000\n1000 50")]
    [InlineData("hafen", "-u", "1000:50", "id -u; id -g", "1000\n50")]
    [InlineData("docker", "--hostname", "harbour", "hostname; cat /etc/hostname", "harbour\nharbour")]
    [InlineData("hafen", "--hostname", "harbour", "grep -c harbour /etc/hosts", "1")]
    [InlineData("docker", "--read-only", null, "touch /x 2>&1 || true", "touch: /x: Read-only file system")]
    [InlineData("hafen", "--tmpfs", "/scratch:size=1m", "df -P /scratch | awk 'NR==2 {print $1, $2}'", "tmpfs 1024")]
    [InlineData("docker", "--tmpfs", "/scratch:size=1m", "df -P /scratch | awk 'NR==2 {print $1, $2}'", "tmpfs 1024")]
    [InlineData("docker", "--cap-drop", "ALL", "grep CapEff /proc/self/status | cut -f2", "0000000000000000")]
    [InlineData("hafen", "--cap-add", "NET_ADMIN", "grep CapBnd /proc/self/status | cut -f2", "00000000a80435fb")]
    [InlineData("docker", "--ulimit", "nofile=100:200", "ulimit -Sn; ulimit -Hn", "100\n200")]
    [InlineData("hafen", "--ulimit", "nofile=100:200", "ulimit -Sn; ulimit -Hn", "100\n200")]
    [InlineData("docker", "--network", "none", "ls /sys/class/net", "lo")]
    [InlineData("hafen", "--network", "none", "ip -o link | wc -l", "1")]
    [InlineData("docker", "--device", "/dev/kmsg:/dev/k:r", "ls /dev/k", "/dev/k")]
    [InlineData("hafen", "--device", "/dev/kmsg:/dev/k:r", "ls /dev/k", "/dev/k")]
    [InlineData("docker", "--init", null, "cat /proc/1/comm", "docker-init")]
    [InlineData("hafen", "--init", null, "cat /proc/1/comm", "docker-init")]
    public void An_option_does_what_it_says(string client, string option, string? value, string command, string expected)
    {
        string[] options = value is null ? [option] : [option, value];
        var result = On(client).Run(["run", "--rm", .. options, "busybox", "sh", "-c", command]).Ok();
        Assert.Equal(expected, result.Line);
    }

    [Theory, MemberData(nameof(Clients))]
    public void A_container_is_confined_by_default(string client)
    {
        const string script = """
            grep -E 'CapEff|Seccomp:|NoNewPrivs' /proc/self/status | tr -d '\t'
            mount -t tmpfs none /mnt 2>&1 | grep -o 'permission denied.*\|Operation not permitted' | head -1
            cat /proc/kcore 2>/dev/null | wc -c
            echo x > /proc/sys/kernel/domainname 2>/dev/null || echo read-only
            ls /dev | tr '\n' ' '
            """;
        string[] lines = On(client).Run("run", "--rm", "busybox", "sh", "-c", script).Ok().Lines;
        Assert.Contains("CapEff:00000000a80425fb", lines);
        Assert.Contains("NoNewPrivs:0", lines);
        Assert.Contains("Seccomp:2", lines);
        Assert.Contains("read-only", lines);
        Assert.Contains("0", lines);
        Assert.Contains("fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero", lines);
    }

    [Theory, MemberData(nameof(Clients))]
    public void Privileged_lifts_the_confinement(string client)
    {
        var result = On(client).Run("run", "--rm", "--privileged", "busybox", "sh", "-c", "mount -t tmpfs none /tmp && grep Seccomp: /proc/self/status | tr -d '\t'").Ok();
        Assert.Equal("Seccomp:0", result.Line);
    }

    [Theory, MemberData(nameof(Clients))]
    public void Limits_stand_in_the_cgroup(string client)
    {
        string name = Name();
        On(client).Run("run", "-d", "--name", name, "--memory", "64m", "--cpus", "0.5", "--pids-limit", "17", "--cpu-shares", "512", "--cpuset-cpus", "0", "busybox", "sleep", "60").Ok();
        string id = On(client).Run("inspect", "-f", "{{.Id}}", name).Ok().Line;
        Assert.Equal("67108864", CgroupValue(id, "memory", "memory.limit_in_bytes", "memory.max"));
        Assert.Equal("17", CgroupValue(id, "pids", "pids.max", "pids.max"));
        Assert.Equal("0", CgroupValue(id, "cpuset", "cpuset.cpus", "cpuset.cpus"));
        On(client).Run("rm", "-f", name).Ok();
    }

    [Theory, MemberData(nameof(Clients))]
    public void Folders_and_volumes_are_mounted(string client)
    {
        string folder = Path.Combine(shared.Daemon.Folder, Name());
        Directory.CreateDirectory(folder);
        On(client).Run("run", "--rm", "-v", folder + ":/data", "busybox", "sh", "-c", "echo written > /data/file").Ok();
        Assert.Equal("written\n", File.ReadAllText(Path.Combine(folder, "file")));
        On(client).Run("run", "--rm", "-v", folder + ":/data:ro", "busybox", "touch", "/data/x").Fails(1, "Read-only file system");

        string volume = Name();
        On(client).Run("run", "--rm", "-v", volume + ":/data", "busybox", "sh", "-c", "echo kept > /data/file").Ok();
        Assert.Equal("kept", On(client).Run("run", "--rm", "-v", volume + ":/data", "busybox", "cat", "/data/file").Ok().Line);
    }

    [Theory, MemberData(nameof(Clients))]
    public void The_bridge_gives_an_address_and_a_way_out(string client)
    {
        const string script = """
            ip -o -4 addr show eth0 | awk '{print $4}'
            ip route | awk '/^default/ {print $3}'
            ping -c 1 -W 5 "$(ip route | awk '/^default/ {print $3}')" | grep -c '1 packets received'
            grep -c "$(hostname)" /etc/hosts
            """;
        string[] lines = On(client).Run("run", "--rm", "busybox", "sh", "-c", script).Ok().Lines;
        Assert.Equal(4, lines.Length);
        Assert.Matches(@"^\d+\.\d+\.\d+\.\d+/\d+$", lines[0]);
        Assert.Equal("1", lines[2]);
        Assert.Equal("1", lines[3]);
    }

    [Theory, MemberData(nameof(Clients))]
    public void The_host_s_network_is_the_host_s(string client)
    {
        var inside = On(client).Run("run", "--rm", "--network", "host", "busybox", "readlink", "/proc/self/ns/net").Ok();
        Assert.Equal(new FileInfo("/proc/self/ns/net").LinkTarget, inside.Line);
    }

    [Theory, MemberData(nameof(Clients))]
    public void Restart_on_failure_stops_after_its_count(string client)
    {
        string name = Name();
        On(client).Run("run", "-d", "--name", name, "--restart", "on-failure:2", "busybox", "sh", "-c", "echo try; exit 3").Ok();
        Assert.Equal("3", On(client).Run("wait", name).Ok().Line);
        for (int attempt = 0; attempt < 600 && On(client).Run("inspect", "-f", "{{.RestartCount}} {{.State.Status}}", name).Line != "2 exited"; attempt++)
            Thread.Sleep(100);
        Assert.Equal("2 exited", On(client).Run("inspect", "-f", "{{.RestartCount}} {{.State.Status}}", name).Line);
        Assert.Equal(3, On(client).Run("logs", name).Ok().Lines.Length);
        On(client).Run("rm", name).Ok();
    }

    private string CgroupValue(string id, string controller, string v1, string v2)
    {
        string path = Directory.Exists("/sys/fs/cgroup/" + controller)
            ? $"/sys/fs/cgroup/{controller}/{shared.Daemon.CgroupParent}/{id}/{v1}"
            : $"/sys/fs/cgroup/{shared.Daemon.CgroupParent}/{id}/{v2}";
        return File.ReadAllText(path).Trim();
    }

    private static string Name() => "t-" + Guid.NewGuid().ToString("N")[..12];
}
