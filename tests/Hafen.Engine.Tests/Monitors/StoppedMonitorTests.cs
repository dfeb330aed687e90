using System.Net.Sockets;
using System.Text;
using Hafen.Engine.Monitors;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Processes;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Tests.Monitors;

/// <summary>Real monitors that are stopped and go on, and such as another daemon has left. Those of other releases are played (<see cref="SupervisedMonitorTests"/>).</summary>
public sealed class StoppedMonitorTests
{
    private const int SIGTERM = 15, SIGKILL = 9, SIGSTOP = 19, SIGCONT = 18;

    [Fact]
    public async Task A_stopped_monitor_is_found_and_answers_when_it_goes_on()
    {
        await using var bench = new MonitorBench();
        var first = await bench.CreateAsync("trap 'exit 7' TERM; while :; do sleep 0.05; done");
        await first.StartAsync(default);
        ProcessControl.Kill(first.Pid, SIGSTOP);
        try
        {
            await first.DisposeAsync();
            using var monitors = bench.NewMonitors();
            await using var second = monitors.Find(bench.Id)!;
            Assert.Equal(first.Pid, second.Pid);
            await Assert.ThrowsAsync<MonitorUnreachableException>(() => second.AnswerAsync(default));
            Assert.Null(second.Greeting);
            ProcessControl.Kill(first.Pid, SIGCONT);
            Assert.Equal(MonitorState.Running, Assert.IsType<MonitorGreeted>(await second.Events.ReadAsync()).Hello.State);
            await second.SignalAsync(null, SIGTERM, default);
            Assert.Equal(7, (await MonitorBench.ExitAsync(second)).ExitCode);
        }
        finally
        {
            if (MonitorBench.Runs(first.Pid))
                ProcessControl.Kill(first.Pid, SIGCONT);
        }
    }

    [Fact]
    public async Task What_was_given_up_while_a_monitor_was_stopped_does_not_happen_afterwards()
    {
        await using var bench = new MonitorBench();
        var monitor = await bench.CreateAsync("trap 'echo late' TERM; echo ready; while :; do sleep 0.05; done");
        await monitor.StartAsync(default);
        await MonitorBench.Until(() => bench.Logged() == "ready\n", "the trap is set");
        ProcessControl.Kill(monitor.Pid, SIGSTOP);
        try
        {
            await Assert.ThrowsAsync<MonitorUnreachableException>(() => monitor.SignalAsync(null, SIGTERM, default));
        }
        finally
        {
            ProcessControl.Kill(monitor.Pid, SIGCONT);
        }
        await MonitorBench.Until(() => monitor.Trouble is null, "it answers");
        await monitor.AnswerAsync(default);
        Assert.Equal("ready\n", bench.Logged());
        await monitor.SignalAsync(null, SIGKILL, default);
        Assert.Equal(137, (await MonitorBench.ExitAsync(monitor)).ExitCode);
    }

    [Fact]
    public async Task An_executable_that_was_missing_once_is_found_by_the_next_start()
    {
        await using var bench = new MonitorBench();
        string path = Path.Combine(bench.Folder, "hafen-runtime");
        using var monitors = new MonitorProcesses(path, Path.Combine(bench.Folder, "other"));
        await Assert.ThrowsAsync<FileNotFoundException>(() => monitors.LaunchAsync(bench.Id, default));
        File.Copy(MonitorBench.RuntimePath, path);
        await using var monitor = await monitors.LaunchAsync(bench.Id, default);
        Assert.Equal(MonitorState.Empty, monitor.Greeting!.State);
    }

    [Fact]
    public async Task A_request_that_a_monitor_does_not_know_is_answered()
    {
        await using var bench = new MonitorBench();
        var monitor = await bench.CreateAsync("exec sleep 100");
        await monitor.StartAsync(default);
        await monitor.DisposeAsync();
        int socket = Hafen.Linux.Sockets.PacketSocket.Connect(bench.SocketPath);
        try
        {
            byte[] buffer = new byte[4096];
            Receive();
            Hafen.Linux.Sockets.PacketSocket.Send(socket, MonitorPeer.Packet(31, 5, 1, MonitorPeer.Extension(60_000, [1])), []);
            int length = Receive();
            Assert.Equal(ErrorKind.NotImplemented, Failure(buffer.AsSpan(0, length)));
            Hafen.Linux.Sockets.PacketSocket.Send(socket, MonitorPeer.Packet(7, 6, 1, [.. MonitorPeer.Int(-1), .. MonitorPeer.Int(SIGKILL), .. MonitorPeer.Extension(60_000, [1])]), []);
            length = Receive();
            Assert.Equal(MessageType.Done, new MessageReader(buffer.AsSpan(0, length)).Type);

            int Receive()
            {
                int length;
                do
                    length = Hafen.Linux.Sockets.PacketSocket.Receive(socket, buffer, new int[4], out int _, wait: true);
                while (length is -Errno.EINTR or -Errno.EAGAIN);
                return length;
            }
        }
        finally
        {
            Hafen.Linux.Descriptors.RawDescriptor.Close(socket);
        }
        await MonitorBench.Until(() => bench.Monitors.ReadExit(bench.Id) is { ExitCode: 137 }, "its end");

        static ErrorKind Failure(ReadOnlySpan<byte> packet)
        {
            var reader = new MessageReader(packet);
            return reader.ReadFailure().Kind;
        }
    }

    [Fact]
    public async Task A_real_monitor_that_an_earlier_daemon_noted_nothing_of_is_driven()
    {
        await using var bench = new MonitorBench();
        var first = await bench.CreateAsync("read line; echo got $line; exit 6", openStdin: true);
        await first.StartAsync(default);
        await first.DisposeAsync();
        File.Delete(bench.PidFile);
        using var monitors = bench.NewMonitors();
        await using var second = monitors.Find(bench.Id)!;
        Assert.IsType<MonitorGreeted>(await second.Events.ReadAsync());
        var (client, daemon) = bench.Connection();
        await second.ExecAsync(
            new MonitorExec { ExecId = "e1", Attach = new MonitorAttach { Stdout = true } }, MonitorBench.Process(["/bin/sh", "-c", "echo here; exit 4"]), daemon.SafeHandle, default);
        daemon.Dispose();
        Assert.Equal(new MonitorExecExited { ExecId = "e1", ExitCode = 4 }, await second.Events.ReadAsync());
        Assert.False(second.Events.TryRead(out _));
        Assert.Equal("here\n", Encoding.UTF8.GetString(await MonitorBench.ReadToEndAsync(client)));
        client = await bench.AttachAsync(second, new MonitorAttach { Stdin = true, Stdout = true });
        await client.SendAsync("a line\n"u8.ToArray());
        Assert.Equal(6, (await MonitorBench.ExitAsync(second)).ExitCode);
        Assert.Equal("got a line\n", Encoding.UTF8.GetString(await MonitorBench.ReadToEndAsync(client)));
    }
}
