using System.Diagnostics;
using System.IO.Compression;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Hafen.Engine.Monitors;
using Hafen.Errors;
using Hafen.Monitor.Protocol;
using Hafen.Oci.Runtime;

namespace Hafen.Engine.Tests.Monitors;

/// <summary>The daemon's side and the real monitor together, with real containers.</summary>
public class MonitorTests
{
    private static readonly MonitorAttach s_output = new() { Stdout = true, Stderr = true };

    [Fact]
    public async Task A_container_runs_logs_and_reports_its_exit()
    {
        await using var bench = new MonitorBench();
        var monitor = await bench.CreateAsync("echo out; echo err >&2; exit 3");
        Assert.Equal(MonitorState.Empty, monitor.Greeting!.State);
        await monitor.StartAsync(default);
        var exited = await MonitorBench.ExitAsync(monitor);
        Assert.Equal((3, false), (exited.ExitCode, exited.OomKilled));
        Assert.Equal(exited, bench.Monitors.ReadExit(bench.Id));
        Assert.Equal("out\n", bench.Logged());
        Assert.Equal("err\n", bench.Logged("stderr"));
        await MonitorBench.Until(() => !Directory.Exists($"/proc/{monitor.Pid}"), "the monitor is reaped");
        Assert.DoesNotContain(Directory.GetDirectories("/sys/fs/cgroup"), h => Directory.Exists(h + bench.CgroupPath));
        bench.Monitors.RemoveState(bench.Id);
        Assert.Null(bench.Monitors.ReadExit(bench.Id));
    }

    [Fact]
    public async Task A_signal_gives_128_and_more()
    {
        await using var bench = new MonitorBench();
        var monitor = await bench.CreateAsync("exec sleep 100");
        await monitor.StartAsync(default);
        await monitor.SignalAsync(null, 9, default);
        Assert.Equal(137, (await MonitorBench.ExitAsync(monitor)).ExitCode);
    }

    [Theory]
    [InlineData("/bin/nothing", ErrorKind.CommandNotFound)]
    [InlineData("/proc/version", ErrorKind.CommandNotExecutable)]
    public async Task A_command_that_cannot_run_fails_the_start_and_leaves_nothing(string command, ErrorKind kind)
    {
        await using var bench = new MonitorBench();
        var monitor = await bench.LaunchAsync();
        var failure = await Assert.ThrowsAsync<MonitorException>(async () =>
        {
            await monitor.CreateAsync(bench.Request([command]), default);
            await monitor.StartAsync(default);
        });
        Assert.Equal(kind, failure.Failure.Kind);
        await monitor.DisposeAsync();
        await MonitorBench.Until(() => !Directory.Exists($"/proc/{monitor.Pid}"), "the monitor has ended");
        Assert.Null(bench.Monitors.ReadExit(bench.Id));
        Assert.DoesNotContain(Directory.GetDirectories("/sys/fs/cgroup"), h => Directory.Exists(h + bench.CgroupPath));
    }

    [Fact]
    public async Task A_daemon_that_leaves_before_the_start_takes_the_half_made_container_with_it()
    {
        await using var bench = new MonitorBench();
        var monitor = await bench.LaunchAsync();
        int init = await monitor.CreateAsync(bench.Request(["/bin/sleep", "100"]), default);
        Assert.True(MonitorBench.Runs(init));
        await monitor.DisposeAsync();
        await MonitorBench.Until(() => !Directory.Exists($"/proc/{init}") && !Directory.Exists($"/proc/{monitor.Pid}"), "both are gone");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_abandoned_monitor_is_gone_with_its_container_when_the_next_one_comes(bool started)
    {
        await using var bench = new MonitorBench();
        for (int round = 0; round < 10; round++)
        {
            var monitor = await bench.LaunchAsync();
            int init = await monitor.CreateAsync(bench.Request(["/bin/sleep", "100"]), default);
            if (started)
                await monitor.StartAsync(default);
            await AbandonedMonitor.EndAsync(monitor);
            // At once, not in a moment: the next container has the same cgroup.
            Assert.False(Directory.Exists($"/proc/{init}"), $"init of round {round} is there");
        }
        var last = await bench.LaunchAsync();
        await last.CreateAsync(bench.Request(["/bin/sleep", "0.2"]), default);
        await last.StartAsync(default);
        using var second = bench.NewMonitors();
        await using (var found = second.Find(bench.Id))
            Assert.NotNull(found);
        Assert.Equal(0, (await MonitorBench.ExitAsync(last)).ExitCode);
    }

    [Fact]
    public async Task Output_attached_before_the_start_is_complete_and_framed()
    {
        await using var bench = new MonitorBench();
        var monitor = await bench.CreateAsync("i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done; echo end >&2");
        var framed = await bench.AttachAsync(monitor, s_output with { Multiplexed = true });
        var raw = await bench.AttachAsync(monitor, s_output with { Stderr = false });
        await monitor.StartAsync(default);
        var exit = MonitorBench.ExitAsync(monitor);
        string expected = string.Concat(Enumerable.Range(0, 2000).Select(i => $"line {i}\n"));
        Assert.Equal(expected, Encoding.UTF8.GetString(await MonitorBench.ReadToEndAsync(raw)));
        var (output, error) = Demultiplex(await MonitorBench.ReadToEndAsync(framed));
        Assert.Equal(expected, output);
        Assert.Equal("end\n", error);
        Assert.Equal(0, (await exit).ExitCode);
        Assert.Equal(expected, bench.Logged());
    }

    [Theory]
    [InlineData("none")]
    [InlineData("json-file")]
    public async Task A_hundred_megabytes_go_in_and_out_unchanged(string driver)
    {
        await using var bench = new MonitorBench();
        var monitor = await bench.CreateAsync("exec cat", openStdin: true, stdinOnce: true, driver: driver);
        var client = await bench.AttachAsync(monitor, s_output with { Stdin = true });
        await monitor.StartAsync(default);
        var exit = MonitorBench.ExitAsync(monitor);
        using var sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var sender = Task.Run(async () =>
        {
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < 100; i++)
            {
                Random.Shared.NextBytes(block);
                sent.AppendData(block);
                for (int at = 0; at < block.Length;)
                    at += await client.SendAsync(block.AsMemory(at));
            }
            client.Shutdown(SocketShutdown.Send);
        });
        using var received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 20];
        long total = 0L;
        while (await client.ReceiveAsync(buffer) is > 0 and var count)
        {
            received.AppendData(buffer, 0, count);
            total += count;
        }
        await sender;
        Assert.Equal(100L << 20, total);
        Assert.Equal(sent.GetHashAndReset(), received.GetHashAndReset());
        Assert.Equal(0, (await exit).ExitCode);
    }

    [Fact]
    public async Task A_new_daemon_finds_the_monitor_and_goes_on()
    {
        await using var bench = new MonitorBench();
        var monitor = await bench.CreateAsync("i=0; while [ $i -lt 20 ]; do echo line $i; i=$((i+1)); sleep 0.05; done; exit 5");
        var client = await bench.AttachAsync(monitor, s_output with { Stderr = false });
        await monitor.StartAsync(default);
        await monitor.DisposeAsync();

        using var second = bench.NewMonitors();
        await using var found = second.Find(bench.Id);
        Assert.NotNull(found);
        await found.AnswerAsync(default);
        Assert.Equal(MonitorState.Running, found.Greeting!.State);
        Assert.True(MonitorBench.Runs(found.Greeting.InitPid));
        Assert.Equal(5, (await MonitorBench.ExitAsync(found)).ExitCode);
        string expected = string.Concat(Enumerable.Range(0, 20).Select(i => $"line {i}\n"));
        Assert.Equal(expected, Encoding.UTF8.GetString(await MonitorBench.ReadToEndAsync(client)));
        Assert.Equal(expected, bench.Logged());
        await MonitorBench.Until(() => second.Find(bench.Id) is null, "the monitor has ended");
    }

    [Fact]
    public async Task Without_any_daemon_the_exit_is_in_the_file()
    {
        await using var bench = new MonitorBench();
        var monitor = await bench.CreateAsync("sleep 0.3; echo done; exit 6");
        await monitor.StartAsync(default);
        await monitor.DisposeAsync();
        await MonitorBench.Until(() => bench.Monitors.ReadExit(bench.Id) is not null, "the exit file");
        Assert.Equal(6, bench.Monitors.ReadExit(bench.Id)!.ExitCode);
        Assert.Equal("done\n", bench.Logged());
        await MonitorBench.Until(() => !Directory.Exists($"/proc/{monitor.Pid}"), "the monitor has ended");
    }

    [Fact]
    public async Task A_killed_monitor_fails_requests_and_completes_the_events()
    {
        await using var bench = new MonitorBench();
        var monitor = await bench.CreateAsync("exec sleep 100");
        await monitor.StartAsync(default);
        int init = int.Parse(File.ReadAllText($"/proc/{monitor.Pid}/task/{monitor.Pid}/children").Trim());
        Hafen.Linux.Processes.ProcessControl.Kill(monitor.Pid, 9);
        Assert.Empty(await MonitorBench.EventsAsync(monitor));
        await Assert.ThrowsAsync<IOException>(() => monitor.ResizeAsync(null, 1, 1, default));
        await MonitorBench.Until(() => !Directory.Exists($"/proc/{monitor.Pid}"), "the monitor is reaped");
        Hafen.Linux.Processes.ProcessControl.Kill(init, 9);
        foreach (string hierarchy in Directory.GetDirectories("/sys/fs/cgroup"))
            await MonitorBench.Until(() => Removed(hierarchy + bench.CgroupPath), "the cgroup is empty");
    }

    [Fact]
    public async Task Execs_have_their_own_streams_and_exit_codes()
    {
        await using var bench = new MonitorBench();
        var monitor = await bench.CreateAsync("exec sleep 100");
        await monitor.StartAsync(default);

        var (client, daemon) = bench.Connection();
        var attach = new MonitorAttach { Stdin = true, Stdout = true, Stderr = true, Multiplexed = true };
        int pid = await monitor.ExecAsync(
            new MonitorExec { ExecId = "e1", OpenStdin = true, Attach = attach }, MonitorBench.Process(["/bin/sh", "-c", "cat; echo bad >&2; exit 7"]), daemon.SafeHandle, default);
        daemon.Dispose();
        Assert.True(MonitorBench.Runs(pid));
        var began = Stopwatch.StartNew();
        await client.SendAsync("through the exec"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(new MonitorExecExited { ExecId = "e1", ExitCode = 7 }, await monitor.Events.ReadAsync());

        // The event was taken and not yet dealt with: the client must not see the end before the reader comes back.
        var reading = MonitorBench.ReadToEndAsync(client);
        await Task.Delay(200);
        bool early = reading.IsCompleted;
        // On a machine that is this slow the monitor has waited as long as it does.
        Assert.True(!early || began.Elapsed > TimeSpan.FromSeconds(1.8), "the client saw the end first");
        Assert.False(monitor.Events.TryRead(out _));
        Assert.Equal(("through the exec", "bad\n"), Demultiplex(await reading));

        var failure = await Assert.ThrowsAsync<MonitorException>(
            () => monitor.ExecAsync(new MonitorExec { ExecId = "e2" }, MonitorBench.Process(["/bin/nothing"]), null, default));
        Assert.Equal(ErrorKind.CommandNotFound, failure.Failure.Kind);

        await monitor.ExecAsync(new MonitorExec { ExecId = "e3" }, MonitorBench.Process(["/bin/sleep", "100"]), null, default);
        await monitor.SignalAsync("e3", 15, default);
        Assert.Equal(new MonitorExecExited { ExecId = "e3", ExitCode = 143 }, await monitor.Events.ReadAsync());
    }

    [Fact]
    public async Task An_exec_ends_with_its_process_though_a_child_keeps_the_output_open()
    {
        await using var bench = new MonitorBench();
        var monitor = await bench.CreateAsync("exec sleep 100");
        await monitor.StartAsync(default);
        var (client, daemon) = bench.Connection();
        await monitor.ExecAsync(
            new MonitorExec { ExecId = "e", Attach = s_output }, MonitorBench.Process(["/bin/sh", "-c", "sleep 50 & echo said"]), daemon.SafeHandle, default);
        daemon.Dispose();
        var events = monitor.Events.ReadAllAsync().GetAsyncEnumerator();
        await events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        _ = events.MoveNextAsync().AsTask();
        Assert.Equal("said\n", Encoding.UTF8.GetString(await MonitorBench.ReadToEndAsync(client)));
    }

    [Fact]
    public async Task A_terminal_has_a_size_echo_and_detach_keys()
    {
        await using var bench = new MonitorBench();
        var monitor = await bench.CreateAsync("stty size; read line; stty size; echo \"got $line\"; read line", terminal: true, openStdin: true);
        await monitor.ResizeAsync(null, 33, 77, default);
        var attach = new MonitorAttach { Stdin = true, Stdout = true, DetachKeys = [16, 17] };
        var client = await bench.AttachAsync(monitor, attach);
        await monitor.StartAsync(default);
        await MonitorBench.Until(() => client.Available > 0, "the first size");
        await monitor.ResizeAsync(null, 44, 88, default);
        await client.SendAsync("hello\r"u8.ToArray());
        await MonitorBench.Until(() => bench.Logged().Contains("got", StringComparison.Ordinal), "the answer");
        await client.SendAsync(new byte[] { 16, 17 });
        Assert.Equal(new MonitorDetached(), await monitor.Events.ReadAsync());
        Assert.Equal("33 77\r\nhello\r\n44 88\r\ngot hello\r\n", Encoding.UTF8.GetString(await MonitorBench.ReadToEndAsync(client)));

        // Attached again, the terminal is still there.
        client = await bench.AttachAsync(monitor, attach);
        await client.SendAsync("\r"u8.ToArray());
        Assert.Equal(0, (await MonitorBench.ExitAsync(monitor)).ExitCode);
    }

    [Fact]
    public async Task Without_a_pid_namespace_what_the_container_left_running_is_killed()
    {
        await using var bench = new MonitorBench();
        var monitor = await bench.CreateAsync("sleep 4711 & echo $!; exit 0", hostPid: true);
        await monitor.StartAsync(default);
        Assert.Equal(0, (await MonitorBench.ExitAsync(monitor)).ExitCode);
        int orphan = int.Parse(bench.Logged().Trim());
        await MonitorBench.Until(() => !Directory.Exists($"/proc/{orphan}"), "the orphan is gone and reaped");
    }

    [Fact]
    public async Task A_container_without_memory_left_is_reported_as_such()
    {
        await using var bench = new MonitorBench();
        var monitor = await bench.LaunchAsync();
        var resources = new SpecResources { Memory = new SpecMemory { Limit = 32 << 20, Swap = 32 << 20 } };
        await monitor.CreateAsync(bench.Request(["/bin/tail", "/dev/zero"], resources: resources), default);
        await monitor.StartAsync(default);
        var exited = await MonitorBench.ExitAsync(monitor);
        Assert.Equal((137, true), (exited.ExitCode, exited.OomKilled));
    }

    [Fact]
    public async Task Rotated_logs_are_compressed_beside_the_monitor()
    {
        await using var bench = new MonitorBench();
        var monitor = await bench.LaunchAsync();
        var request = bench.Request(["/bin/sh", "-c", "i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done; sleep 1"]);
        await monitor.CreateAsync(request with { Log = request.Log with { MaxSize = 100_000, MaxFiles = 20, Compress = true } }, default);
        await monitor.StartAsync(default);
        Assert.Equal(0, (await MonitorBench.ExitAsync(monitor)).ExitCode);
        await MonitorBench.Until(
            () => File.Exists(bench.LogPath + ".1.gz") && !File.Exists(bench.LogPath + ".1"), "the first rotated file is compressed");
        var lines = new List<string>();
        foreach (string file in Directory.GetFiles(bench.Folder, "x-json.log*"))
        {
            using Stream raw = File.OpenRead(file);
            using var content = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(raw, CompressionMode.Decompress) : raw;
            using var reader = new StreamReader(content);
            while (await reader.ReadLineAsync() is { } line)
                lines.Add(line);
        }
        Assert.Equal(3000, lines.Count);
    }

    [Fact]
    public async Task A_waiting_monitor_costs_less_than_a_megabyte()
    {
        await using var bench = new MonitorBench();
        var monitor = await bench.CreateAsync("echo hello; exec sleep 100");
        await monitor.StartAsync(default);
        await MonitorBench.Until(() => Pss(monitor.Pid) <= 1000, "at most 1,000 KB");

        // Its own thread and the runtime's finalizer: a clone from any other number is not safe (architecture, rule 1).
        Assert.InRange(Directory.GetDirectories($"/proc/{monitor.Pid}/task").Length, 1, 2);
    }

    private static int Pss(int pid)
    {
        string line = File.ReadLines($"/proc/{pid}/smaps_rollup").First(l => l.StartsWith("Pss:", StringComparison.Ordinal));
        return int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    private static bool Removed(string cgroup)
    {
        try
        {
            if (Directory.Exists(cgroup))
                Directory.Delete(cgroup);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static (string Output, string Error) Demultiplex(byte[] stream)
    {
        var parts = new StringBuilder[] { new(), new(), new() };
        for (int at = 0; at < stream.Length;)
        {
            int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(stream.AsSpan(at + 4));
            parts[stream[at]].Append(Encoding.UTF8.GetString(stream, at + 8, length));
            at += 8 + length;
        }
        return (parts[1].ToString(), parts[2].ToString());
    }
}
