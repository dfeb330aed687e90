using System.Diagnostics;
using System.Net.Sockets;
using Hafen.Api;

namespace Hafen.Daemon.Tests.Lifetime;

/// <summary>The executable itself: sockets, locks, signals. Needs root; network and data are its own.</summary>
public sealed class DaemonProcessTests : IDisposable
{
    private static readonly string s_executable = Path.Combine(AppContext.BaseDirectory, "hafend");

    private readonly string _folder = Directory.CreateTempSubdirectory("hafend-").FullName;
    private readonly string _bridge = "hfdt" + Guid.NewGuid().ToString("N")[..8];
    private readonly List<Process> _started = [];

    private string Api => Path.Combine(_folder, "api.sock");

    public void Dispose()
    {
        foreach (var process in _started)
        {
            if (!process.HasExited)
            {
                process.Kill();
                process.WaitForExit();
            }
            process.Dispose();
        }
        if (Directory.Exists("/sys/class/net/" + _bridge))
        {
            using var ip = Process.Start("ip", ["link", "delete", _bridge]);
            ip.WaitForExit();
        }
        // Last: a folder that cannot be removed must not keep the bridge.
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void It_serves_the_stock_CLI_and_ends_in_order()
    {
        var daemon = Start();
        WaitForSocket();
        Assert.Equal($"0.1.0 {ApiVersion.Newest}", Docker("version", "--format", "{{.Server.Version}} {{.Server.APIVersion}}"));
        Assert.Contains("overlay2", Docker("info", "--format", "{{.Driver}} {{.OSType}}"), StringComparison.Ordinal);
        Assert.Equal("", Docker("images", "-q"));
        Assert.Equal("-rw-rw----", Mode(Api));
        Signal(daemon, "TERM");
        Assert.Equal(0, daemon.ExitCode);
        Assert.False(File.Exists(Api));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_folder, "exec")));
        Assert.False(File.Exists(Path.Combine(_folder, "data", "hafend.lock")));
    }

    [Fact]
    public void A_second_one_on_the_same_folder_is_refused_by_name()
    {
        Start();
        WaitForSocket();
        var second = Start("-H", "unix://" + Path.Combine(_folder, "other.sock"));
        Assert.True(second.WaitForExit(60_000));
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("another hafend works with", second.StandardError.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_one_may_not_share_the_folder_of_what_runs_either()
    {
        Start();
        WaitForSocket();
        var second = Start("-H", "unix://" + Path.Combine(_folder, "other.sock"), "--data-root", Path.Combine(_folder, "other"), "--pidfile", Path.Combine(_folder, "other.pid"));
        Assert.True(second.WaitForExit(60_000));
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("give this one a --exec-root of its own", second.StandardError.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_left_by_a_killed_daemon_is_replaced()
    {
        var killed = Start();
        WaitForSocket();
        killed.Kill();
        killed.WaitForExit();
        Assert.True(File.Exists(Api));
        Start();
        WaitForSocket();
        Assert.Equal("0.1.0", Docker("version", "--format", "{{.Server.Version}}"));
    }

    [Fact]
    public void An_unknown_directive_keeps_it_from_starting()
    {
        string file = Path.Combine(_folder, "daemon.json");
        File.WriteAllText(file, """{"colour":"blue"}""");
        var daemon = Start("--config-file", file);
        Assert.True(daemon.WaitForExit(60_000));
        Assert.Equal(1, daemon.ExitCode);
        Assert.Contains(
            $"unable to configure the daemon with file {file}: the following directives don't match any configuration option: colour",
            daemon.StandardError.ReadToEnd(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "data")));
    }

    [Theory]
    [InlineData("""{"debug":true,"bip":"10.1.2.3/24"}""", 0, "configuration OK")]
    [InlineData("""{"colour":"blue"}""", 1, "don't match any configuration option: colour")]
    [InlineData("""{"default-shm-size":"much"}""", 1, "invalid size: 'much'")]
    [InlineData("""{"log-opts":{"max-size":"x"}}""", 1, "invalid size: 'x'")]
    [InlineData("""{"log-opts":{"colour":"blue"}}""", 1, "unknown log opt 'colour' for json-file log driver")]
    [InlineData("""{"log-opts":{"max-size":"1m"},"log-driver":"none"}""", 0, "configuration OK")]
    [InlineData("""{"default-ulimits":{"nofile":{"Name":"nofile","Hard":10,"Soft":20}}}""", 1, "ulimit soft limit must be less than or equal to hard limit: 20 > 10")]
    [InlineData("""{"default-ulimits":{"colours":{"Name":"colours","Hard":10,"Soft":10}}}""", 1, "invalid ulimit type: colours")]
    [InlineData("""{"dns":["10.1.2.3","fd00::1"],"dns-search":[".","a-b.example.","_tcp.x"],"dns-opts":["ndots:2"]}""", 0, "configuration OK")]
    [InlineData("""{"dns":["10.1"]}""", 1, "dns: 10.1 is not an ip address")]
    [InlineData("""{"dns-search":["a b"]}""", 1, "dns-search: a b is not a valid domain")]
    [InlineData("""{"dns-opts":["a b"]}""", 1, "dns-opt: \"a b\" is not one word")]
    [InlineData("""{"labels":["a=b","c"]}""", 1, "bad attribute format: c")]
    [InlineData("""{"bip":"10.1.2.3/24","bridge":"none"}""", 1, "bip and fixed-cidr mean nothing without a bridge")]
    public void A_configuration_can_be_validated(string json, int exitCode, string message)
    {
        string file = Path.Combine(_folder, "daemon.json");
        File.WriteAllText(file, json);
        var start = new ProcessStartInfo(s_executable, ["--validate", "--config-file", file]) { RedirectStandardError = true };
        using var daemon = Process.Start(start)!;
        string said = daemon.StandardError.ReadToEnd();
        daemon.WaitForExit();
        Assert.Equal(exitCode, daemon.ExitCode);
        Assert.Contains(message, said, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void SIGHUP_reads_the_log_level_again()
    {
        string file = Path.Combine(_folder, "daemon.json");
        File.WriteAllText(file, "{}");
        var daemon = Start("--config-file", file);
        WaitForSocket();
        File.WriteAllText(file, """{"debug":true}""");
        using (var kill = Process.Start("kill", ["-HUP", daemon.Id.ToString()]))
            kill.WaitForExit();
        string? line;
        do
            line = daemon.StandardError.ReadLine();
        while (line is not null && !line.Contains("Configuration", StringComparison.Ordinal));
        Assert.Contains("log level Debug", line, StringComparison.Ordinal);
        Assert.False(daemon.HasExited);
    }

    [Fact]
    public void SIGHUP_changes_what_info_tells_and_is_an_event()
    {
        string file = Path.Combine(_folder, "daemon.json");
        File.WriteAllText(file, "{}");
        var daemon = Start("--config-file", file);
        WaitForSocket();
        Assert.Equal("[] true", Docker("info", "--format", "{{.Labels}} {{.LiveRestoreEnabled}}"));
        long before = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 1;
        File.WriteAllText(file, """{"labels":["site=north"],"live-restore":false,"shutdown-timeout":7,"default-shm-size":"32M","default-ipc-mode":"shareable"}""");
        using (var kill = Process.Start("kill", ["-HUP", daemon.Id.ToString()]))
            kill.WaitForExit();
        for (int i = 0; i < 1000 && Docker("info", "--format", "{{.Labels}}") == "[]"; i++)
            Thread.Sleep(20);
        Assert.Equal("[site=north] false", Docker("info", "--format", "{{.Labels}} {{.LiveRestoreEnabled}}"));
        string events = Docker("events", "--since", before.ToString(), "--until", (DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 3).ToString(), "--filter", "type=daemon");
        Assert.Contains("daemon reload", events, StringComparison.Ordinal);
        Assert.Contains("""labels=["site=north"], live-restore=false""", events, StringComparison.Ordinal);
        Assert.Contains("shutdown-timeout=7", events, StringComparison.Ordinal);
        Assert.Contains("default-ipc-mode=shareable, default-shm-size=33554432", events, StringComparison.Ordinal);

        // A file that is wrong changes nothing.
        File.WriteAllText(file, """{"labels":["site=south"],"colour":"blue"}""");
        using (var kill = Process.Start("kill", ["-HUP", daemon.Id.ToString()]))
            kill.WaitForExit();
        string? line;
        do
            line = daemon.StandardError.ReadLine();
        while (line is not null && !line.Contains("colour", StringComparison.Ordinal));
        Assert.NotNull(line);
        Assert.Equal("[site=north]", Docker("info", "--format", "{{.Labels}}"));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void Signals_that_whoever_started_it_ignores_are_heard(string end)
    {
        string file = Path.Combine(_folder, "daemon.json");
        File.WriteAllText(file, "{}");
        var daemon = StartBy(["env", "--ignore-signal=HUP,INT,QUIT,TERM,CHLD", "--block-signal=HUP,INT,TERM"], "--config-file", file);
        WaitForSocket();
        Assert.Equal("[]", Docker("info", "--format", "{{.Labels}}"));
        string ignored = File.ReadLines($"/proc/{daemon.Id}/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        Assert.Equal("SigIgn:\t0000000000001000", ignored);
        File.WriteAllText(file, """{"labels":["heard=1"]}""");
        using (var kill = Process.Start("kill", ["-HUP", daemon.Id.ToString()]))
            kill.WaitForExit();
        for (int i = 0; i < 1000 && Docker("info", "--format", "{{.Labels}}") == "[]"; i++)
            Thread.Sleep(20);
        Assert.Equal("[heard=1]", Docker("info", "--format", "{{.Labels}}"));
        Signal(daemon, end);
        Assert.Equal(0, daemon.ExitCode);
    }

    [Fact]
    public void The_mask_of_whoever_started_it_does_not_hold()
    {
        var daemon = StartBy(["/bin/sh", "-c", "umask 077; exec \"$0\" \"$@\""]);
        WaitForSocket();
        Assert.Contains("Umask:\t0022", File.ReadLines($"/proc/{daemon.Id}/status"));
        Assert.Equal("-rw-r--r--", Mode(Path.Combine(_folder, "exec", "hafend.pid")));
    }

    [Fact]
    public async Task More_connections_than_descriptors_are_survived()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("HAFEN_BIN") is not null, "HAFEN_BIN names no folder of native executables, and others open files of their own while they run");
        var daemon = StartBy(["/bin/sh", "-c", "ulimit -n 300; exec \"$HAFEN_BIN/hafend\" \"$@\""]);
        WaitForSocket();
        var flood = new List<Socket>();
        for (int i = 0; i < 400; i++)
        {
            var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            flood.Add(client);
            client.Connect(new UnixDomainSocketEndPoint(Api));
        }
        // It has taken what it could, and says so, once.
        string? line;
        do
            line = daemon.StandardError.ReadLine();
        while (line is not null && !line.Contains("cannot accept a connection", StringComparison.Ordinal));
        Assert.NotNull(line);
        var said = daemon.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        foreach (var client in flood)
            client.Dispose();
        Assert.Equal("0.1.0", Docker("version", "--format", "{{.Server.Version}}"));
        Signal(daemon, "TERM");
        Assert.Equal(0, daemon.ExitCode);
        Assert.DoesNotContain("cannot accept a connection", await said, StringComparison.Ordinal);
    }

    [Fact]
    public void It_listens_on_no_abstract_socket()
    {
        var daemon = Start();
        WaitForSocket();
        var own = Directory.GetFiles($"/proc/{daemon.Id}/fd").Select(fd => new FileInfo(fd).LinkTarget)
            .Where(target => target?.StartsWith("socket:[", StringComparison.Ordinal) ?? false).Select(target => target![8..^1]).ToHashSet();
        var sockets = File.ReadAllLines("/proc/net/unix").Skip(1).Select(entry => entry.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => own.Contains(fields[6])).ToList();
        Assert.Contains(sockets, fields => fields.Length > 7 && fields[7].StartsWith(Api, StringComparison.Ordinal));
        // Names of abstract sockets belong to the network namespace: a container of the host's network could speak to whoever listens (CVE-2020-15257).
        Assert.DoesNotContain(sockets, fields => fields.Length > 7 && fields[7].StartsWith('@'));
    }

    [Fact]
    public void Without_a_bridge_there_are_two_networks()
    {
        var daemon = Start("--bridge", "none");
        WaitForSocket();
        Assert.Equal(["host", "none"], Docker("network", "ls", "--format", "{{.Name}}").Split('\n').Order());
        Signal(daemon, "TERM");
        Assert.Equal(0, daemon.ExitCode);
    }

    [Fact]
    public void A_bridge_of_somebody_else_has_to_be_there()
    {
        var daemon = Start("--bridge", _bridge);
        Assert.True(daemon.WaitForExit(60_000));
        Assert.Equal(1, daemon.ExitCode);
        Assert.Contains($"bridge device with non default name {_bridge} must be created manually", daemon.StandardError.ReadToEnd(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "data")));
        using (var ip = Process.Start("ip", ["link", "add", _bridge, "type", "bridge"]))
            ip.WaitForExit();
        Start("--bridge", _bridge);
        WaitForSocket();
    }

    [Fact]
    public void A_bridge_that_cannot_be_had_stops_nothing()
    {
        using (var ip = Process.Start("ip", ["link", "add", _bridge, "type", "veth", "peer", "name", _bridge + "p"]))
            ip.WaitForExit();
        Start();
        WaitForSocket();
        Assert.Contains($"WARNING: the default bridge does not work: the interface {_bridge} exists and is no bridge", Docker("info", "--format", "{{.Warnings}}"), StringComparison.Ordinal);
        Assert.Equal(["bridge", "host", "none"], Docker("network", "ls", "--format", "{{.Name}}").Split('\n').Order());
    }

    private Process Start(params string[] more) => StartBy([], more);

    /// <param name="by">A program, with its first arguments, that becomes the daemon; empty for none.</param>
    private Process StartBy(string[] by, params string[] more)
    {
        string[] program = [.. by, s_executable];
        var start = new ProcessStartInfo(program[0], program[1..]) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])
            ["--data-root", Path.Combine(_folder, "data"), "--exec-root", Path.Combine(_folder, "exec"), "--iptables=false", .. more.Contains("--bridge") ? [] : (string[])["--bridge-name", _bridge], .. more])
        {
            start.ArgumentList.Add(argument);
        }
        if (!more.Contains("-H"))
        {
            start.ArgumentList.Add("-H");
            start.ArgumentList.Add("unix://" + Api);
        }
        var process = Process.Start(start)!;
        _started.Add(process);
        return process;
    }

    private void WaitForSocket()
    {
        for (int i = 0; i < 3000; i++)
        {
            if (Answers())
                return;
            Assert.DoesNotContain(_started, process => process.HasExited && process.ExitCode == 1 && process == _started[^1]);
            Thread.Sleep(20);
        }
        Assert.Fail("the daemon does not listen");
    }

    private bool Answers()
    {
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            client.Connect(new UnixDomainSocketEndPoint(Api));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Signal(Process process, string name)
    {
        using (var kill = Process.Start("kill", ["-" + name, process.Id.ToString()]))
            kill.WaitForExit();
        Assert.True(process.WaitForExit(60_000));
    }

    private string Docker(params string[] arguments)
    {
        var start = new ProcessStartInfo("docker", ["-H", "unix://" + Api, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var docker = Process.Start(start)!;
        string output = docker.StandardOutput.ReadToEnd();
        string error = docker.StandardError.ReadToEnd();
        docker.WaitForExit();
        Assert.True(docker.ExitCode == 0, error);
        return output.Trim();
    }

    private static string Mode(string path)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%A", path]) { RedirectStandardOutput = true })!;
        return stat.StandardOutput.ReadToEnd().Trim()[1..].Insert(0, "-");
    }
}
