using Hafen.Engine.Monitors;
using Hafen.Errors;
using Hafen.Logging;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Tests.Monitors;

/// <summary>Monitors that cannot be talked to, monitors of other releases: only the end of the process is an end.</summary>
public sealed class SupervisedMonitorTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_monitor_of_the_first_release_is_driven()
    {
        using var peer = new MonitorPeer();
        peer.Note();
        peer.Listen();
        await using var monitor = peer.Monitors.Find(peer.Id)!;
        using var line = await peer.AcceptAsync();
        line.Send(peer.Hello(execs: "e1"));
        var greeted = Assert.IsType<MonitorGreeted>(await NextAsync(monitor));
        Assert.Equal((MonitorState.Running, 0, 4711), (greeted.Hello.State, greeted.Hello.ProtocolMinor, greeted.Hello.InitPid));
        Assert.Equal([new MonitorExecState("e1", 99)], greeted.Hello.Execs);

        var signal = monitor.SignalAsync(null, 15, default);
        var request = await line.ReceiveAsync();
        // That release reads the fields that it knows, in order, and does not look at what follows.
        Assert.Equal((7, 1), (request.Type, request.Version));
        Assert.Equal([.. MonitorPeer.Int(-1), .. MonitorPeer.Int(15)], request.Fields[..8]);
        line.Done(request.Number);
        await signal;

        var refused = monitor.ResizeAsync("e1", 2, 3, default);
        request = await line.ReceiveAsync();
        Assert.Equal([.. MonitorPeer.Text("e1"), .. MonitorPeer.Int(2), .. MonitorPeer.Int(3)], request.Fields[..14]);
        line.Send(MonitorPeer.Packet(33, request.Number, 1, [4, .. MonitorPeer.Int(0), .. MonitorPeer.Text("resize"), .. MonitorPeer.Text("not running")]));
        Assert.Equal(ErrorKind.NotRunning, (await Assert.ThrowsAsync<MonitorException>(() => refused)).Failure.Kind);

        line.Send(MonitorPeer.Packet(65, 1, 1, [.. MonitorPeer.Text("e1"), .. MonitorPeer.Int(7)]));
        Assert.Equal(new MonitorExecExited { ExecId = "e1", ExitCode = 7 }, await NextAsync(monitor));
        line.Send(MonitorPeer.Packet(64, 2, 1, [.. MonitorPeer.Int(5), 0, .. MonitorPeer.Long(DateTimeOffset.UnixEpoch.UtcTicks)]));
        Assert.Equal(5, Assert.IsType<MonitorExited>(await NextAsync(monitor)).ExitCode);
        request = await line.ReceiveAsync();
        Assert.Equal((8, 1u), (request.Type, request.Number));
    }

    [Fact]
    public async Task A_monitor_of_a_later_release_is_driven()
    {
        using var peer = new MonitorPeer();
        peer.Note();
        peer.Listen();
        await using var monitor = peer.Monitors.Find(peer.Id)!;
        using var line = await peer.AcceptAsync();
        byte[] unknown = MonitorPeer.Extension(60_000, "what this release has never heard of"u8.ToArray());
        line.Send(peer.Hello(extensions: [.. unknown, .. MonitorPeer.Extension(1, MonitorPeer.Long(99)), .. unknown]));
        Assert.Equal(99, Assert.IsType<MonitorGreeted>(await NextAsync(monitor)).Hello.ProtocolMinor);

        // An event of a type that is not known, and known ones that say more.
        line.Send(MonitorPeer.Packet(500, 1, 1, unknown));
        line.Send(MonitorPeer.Packet(66, 2, 1, [.. MonitorPeer.Int(-1), .. unknown]));
        Assert.Equal(new MonitorDetached(), await NextAsync(monitor));
        var answer = monitor.StartAsync(default);
        line.Done((await line.ReceiveAsync()).Number, 0, unknown);
        await answer;
        line.Send(MonitorPeer.Packet(64, 3, 1, [.. MonitorPeer.Int(5), 1, .. MonitorPeer.Long(DateTimeOffset.UnixEpoch.UtcTicks), .. unknown]));
        Assert.True(Assert.IsType<MonitorExited>(await NextAsync(monitor)).OomKilled);
    }

    public static TheoryData<string> OddAnswers => ["another version", "another container", "another process", "cut off", "nothing at all"];

    [Theory]
    [MemberData(nameof(OddAnswers))]
    public async Task An_odd_answer_is_no_end_and_the_next_one_counts(string answer)
    {
        using var peer = new MonitorPeer();
        peer.Note();
        peer.Listen();
        await using var monitor = peer.Monitors.Find(peer.Id)!;
        using (var odd = await peer.AcceptAsync())
        {
            if (answer != "nothing at all")
            {
                odd.Send(answer switch
                {
                    "another version" => peer.Hello(version: 7),
                    "another container" => peer.Hello(id: "x"),
                    "another process" => peer.Hello(pid: 1),
                    _ => peer.Hello()[..20],
                });
            }
        }
        await Assert.ThrowsAsync<MonitorUnreachableException>(() => peer.PassAsync(monitor.SignalAsync(null, 15, default)));
        Assert.NotNull(monitor.Trouble);
        Assert.False(monitor.Events.Completion.IsCompleted);
        using var line = await peer.AcceptAsync();
        line.Send(peer.Hello());
        Assert.IsType<MonitorGreeted>(await NextAsync(monitor));
        Assert.Null(monitor.Trouble);
        peer.End();
        await peer.PassAsync(monitor.Events.Completion);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nobody_at_the_socket_is_no_end(bool name)
    {
        using var peer = new MonitorPeer();
        peer.Note();
        if (name)
        {
            peer.Listen();
            peer.StopListening();
        }
        await using var monitor = peer.Monitors.Find(peer.Id)!;
        string expected = name ? "connect: connection refused" : "connect: no such file or directory";
        await TestUntil(() => monitor.Trouble == expected);
        Assert.Equal(expected, (await Assert.ThrowsAsync<MonitorUnreachableException>(() => peer.PassAsync(monitor.AnswerAsync(default)))).Message);
        peer.Listen();
        using var line = await peer.AcceptAsync();
        line.Send(peer.Hello());
        Assert.IsType<MonitorGreeted>(await NextAsync(monitor));
        peer.End();
        Assert.False(await peer.PassAsync(monitor.Events.WaitToReadAsync().AsTask()));
    }

    [Fact]
    public async Task A_lost_connection_is_made_again_and_what_happened_meanwhile_is_told()
    {
        using var peer = new MonitorPeer();
        peer.Note();
        peer.Listen();
        await using var monitor = peer.Monitors.Find(peer.Id)!;
        using (var first = await peer.AcceptAsync())
        {
            first.Send(peer.Hello(execs: "e1"));
            Assert.False(Assert.IsType<MonitorGreeted>(await NextAsync(monitor)).Again);
        }
        using var second = await peer.AcceptAsync();
        second.Send(peer.Hello());
        var greeted = Assert.IsType<MonitorGreeted>(await NextAsync(monitor));
        Assert.True(greeted.Again);
        Assert.Empty(greeted.Hello.Execs);
    }

    [Fact]
    public async Task An_end_that_is_written_down_is_told_while_the_monitor_lets_nobody_in()
    {
        using var peer = new MonitorPeer();
        peer.Note();
        peer.Listen();
        await using var monitor = peer.Monitors.Find(peer.Id)!;
        using (var line = await peer.AcceptAsync())
        {
            line.Send(peer.Hello());
            Assert.IsType<MonitorGreeted>(await NextAsync(monitor));
            peer.StopListening();
            peer.LeaveExit(new MonitorExited { ExitCode = 9, OomKilled = false, FinishedAt = DateTimeOffset.UnixEpoch });
        }
        Assert.Equal(9, Assert.IsType<MonitorExited>(await peer.PassAsync(NextAsync(monitor))).ExitCode);
    }

    [Fact]
    public async Task A_silent_monitor_fails_requests_in_time_and_is_believed_again_when_it_answers()
    {
        using var peer = new MonitorPeer();
        peer.Note();
        peer.Listen();
        await using var monitor = peer.Monitors.Find(peer.Id)!;
        using var line = await peer.AcceptAsync();
        line.Send(peer.Hello());
        await NextAsync(monitor);
        Func<Task>[] requests =
        [
            () => monitor.SignalAsync(null, 15, default),
            () => monitor.StartAsync(default),
            () => monitor.ResizeAsync(null, 1, 1, default),
            () => monitor.ExecAsync(new MonitorExec { ExecId = "e" }, MonitorBench.Process(["x"]), null, default),
        ];
        foreach (var request in requests)
            Assert.Equal("it does not answer", (await Assert.ThrowsAsync<MonitorUnreachableException>(() => peer.PassAsync(request()))).Message);
        Assert.NotNull(monitor.Trouble);

        // The late answer to the first of them is a sign of life.
        line.Done((await line.ReceiveAsync()).Number);
        await TestUntil(() => monitor.Trouble is null);
        var answer = monitor.AnswerAsync(default);
        // Nothing was sent to it while it was silent, so this is the next packet.
        line.Done((await line.ReceiveAsync()).Number);
        await answer;
    }

    [Fact]
    public async Task A_request_that_takes_long_is_waited_for_while_the_monitor_answers()
    {
        using var peer = new MonitorPeer();
        peer.Note();
        peer.Listen();
        await using var monitor = peer.Monitors.Find(peer.Id)!;
        using var line = await peer.AcceptAsync();
        line.Send(peer.Hello());
        await NextAsync(monitor);
        var start = monitor.StartAsync(default);
        uint number = (await line.ReceiveAsync()).Number;
        for (int probe = 0; probe < 2; probe++)
        {
            var request = await peer.PassAsync(line.ReceiveAsync(), step: MonitorLimits.Default.Answer, pause: TimeSpan.FromSeconds(5));
            Assert.Equal([.. MonitorPeer.Int(-1), .. MonitorPeer.Int(0)], request.Fields[..8]);
            line.Done(request.Number);
            // Before time goes on the answer has arrived: one that comes after it has.
            var resize = monitor.ResizeAsync(null, 1, 1, default);
            line.Done((await line.ReceiveAsync()).Number);
            await resize;
        }
        Assert.False(start.IsCompleted);
        line.Done(number);
        await start;
    }

    [Fact]
    public async Task An_exec_that_starts_after_it_was_given_up_is_ended()
    {
        using var peer = new MonitorPeer();
        peer.Note();
        peer.Listen();
        await using var monitor = peer.Monitors.Find(peer.Id)!;
        using var line = await peer.AcceptAsync();
        line.Send(peer.Hello());
        await NextAsync(monitor);
        await Assert.ThrowsAsync<MonitorUnreachableException>(
            () => peer.PassAsync(monitor.ExecAsync(new MonitorExec { ExecId = "late" }, MonitorBench.Process(["x"]), null, default)));
        line.Done((await line.ReceiveAsync()).Number, 42);
        var request = await line.ReceiveAsync();
        while (request.Fields.AsSpan().IndexOf("late"u8) < 0)
            request = await line.ReceiveAsync();
        Assert.Equal((7, 9), (request.Type, BitConverter.ToInt32(request.Fields.AsSpan(8))));
    }

    [Fact]
    public async Task A_pid_that_is_another_process_now_is_no_monitor()
    {
        using var peer = new MonitorPeer();
        File.WriteAllText(peer.PidFile, $"{peer.Pid} 1\n");
        Assert.Null(peer.Monitors.Find(peer.Id));
        peer.Note();
        await using (var monitor = peer.Monitors.Find(peer.Id))
            Assert.Equal(peer.Pid, monitor!.Pid);
        peer.End();
        Assert.Null(peer.Monitors.Find(peer.Id));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("not a pid\n")]
    public async Task A_monitor_that_nobody_noted_is_found_by_its_command_line_and_noted(string? content)
    {
        using var peer = new MonitorPeer(named: true);
        if (content is not null)
            await File.WriteAllTextAsync(peer.PidFile, content);
        await using (var monitor = peer.Monitors.Find(peer.Id))
            Assert.Equal(peer.Pid, monitor!.Pid);
        Assert.StartsWith($"{peer.Pid} ", await File.ReadAllTextAsync(peer.PidFile), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_such_a_process_there_is_no_monitor()
    {
        using var peer = new MonitorPeer();
        Assert.Null(peer.Monitors.Find(peer.Id));
    }

    [Fact]
    public async Task A_monitor_whose_queue_of_connections_is_full_holds_up_nobody()
    {
        using var peer = new MonitorPeer();
        peer.Note();
        peer.Listen();
        var waiting = Enumerable.Range(0, 40).Select(_ => Hafen.Linux.Sockets.PacketSocket.Connect(Path.Combine(peer.StateFolder, "monitor.sock"))).ToList();
        Assert.Contains(-Hafen.Linux.Errno.EAGAIN, waiting);
        await using var monitor = peer.Monitors.Find(peer.Id)!;
        await Assert.ThrowsAsync<MonitorUnreachableException>(() => peer.PassAsync(monitor.AnswerAsync(default)));
        foreach (int socket in waiting.Where(s => s >= 0))
            Hafen.Linux.Descriptors.RawDescriptor.Close(socket);
        Assert.False(monitor.Events.Completion.IsCompleted);
    }

    [Fact]
    public async Task A_request_above_the_largest_packet_is_refused_and_the_connection_goes_on()
    {
        using var peer = new MonitorPeer();
        peer.Note();
        peer.Listen();
        await using var monitor = peer.Monitors.Find(peer.Id)!;
        using var line = await peer.AcceptAsync();
        line.Send(peer.Hello());
        await NextAsync(monitor);
        var create = new MonitorCreate { Id = peer.Id, Bundle = "/b", Log = new LogTarget { Driver = "none", Attributes = new string('x', MonitorPackets.Limit) } };
        var failure = (await Assert.ThrowsAsync<MonitorException>(() => monitor.CreateAsync(create, default))).Failure;
        Assert.Equal(ErrorKind.InvalidParameter, failure.Kind);
        var answer = monitor.AnswerAsync(default);
        line.Done((await line.ReceiveAsync()).Number);
        await answer;
    }

    private static async Task<MonitorEvent> NextAsync(IMonitor monitor) => await monitor.Events.ReadAsync().AsTask().WaitAsync(s_limit);

    private static async Task TestUntil(Func<bool> condition)
    {
        for (int i = 0; i < 12_000 && !condition(); i++)
            await Task.Delay(5);
        Assert.True(condition());
    }
}
