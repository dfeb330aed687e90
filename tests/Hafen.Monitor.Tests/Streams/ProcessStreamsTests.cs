using System.Net.Sockets;
using Hafen.Linux;
using Hafen.Linux.Descriptors;
using Hafen.Logging;
using Hafen.Logging.Writers;
using Hafen.Monitor.Loop;
using Hafen.Monitor.Protocol;
using Hafen.Monitor.Streams;

namespace Hafen.Monitor.Tests.Streams;

/// <summary>Streams between pipes and clients' sockets, without a container: the test plays process and clients.</summary>
public sealed class ProcessStreamsTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    private readonly EventLoop _loop = new();
    private readonly List<IDisposable> _clients = [];
    private ProcessStreams? _streams;
    private ChildEnds _ends;

    public void Dispose()
    {
        _streams?.Dispose();
        foreach (var client in _clients)
            client.Dispose();
        _loop.Dispose();
    }

    [Fact]
    public void Output_is_framed_for_one_client_and_raw_for_another()
    {
        Open();
        var framed = Attach(new MonitorAttach { Stdout = true, Stderr = true, Multiplexed = true });
        var raw = Attach(new MonitorAttach { Stdout = true });
        Put(_ends.Stdout, "one"u8);
        Put(_ends.Stderr, "two"u8);
        Turn();
        End();
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 3, .. "one"u8, 2, 0, 0, 0, 0, 0, 0, 3, .. "two"u8], framed.ReadToEnd());
        Assert.Equal("one"u8, raw.ReadToEnd());
    }

    /// <summary>A plain file stands for what the kernel refuses to wait for; no descriptor left is another reason.</summary>
    [Fact]
    public void A_terminal_that_cannot_be_taken_over_is_closed()
    {
        string file = Path.GetTempFileName();
        int master = RawDescriptor.OpenAppend(file, 0x180);
        using var streams = new ProcessStreams(_loop, new StreamOptions(Terminal: true, OpenStdin: true, StdinOnce: true), log: null);
        Assert.Throws<LinuxException>(() => streams.OpenTerminal(master));
        string?[] open = [.. Directory.GetFileSystemEntries("/proc/self/fd").Select(path => new FileInfo(path).LinkTarget)];
        Assert.DoesNotContain(file, open);
        File.Delete(file);
    }

    [Fact]
    public void A_slow_client_holds_the_process_and_loses_nothing()
    {
        Open();
        var client = Attach(new MonitorAttach { Stdout = true });
        long written = 0L;
        RawDescriptor.SetNonBlocking(_ends.Stdout);
        byte[] pattern = new byte[64 * 1024];
        new Random(1).NextBytes(pattern);
        for (int idle = 0; idle < 20;)
        {
            int count = RawDescriptor.Write(_ends.Stdout, pattern.AsSpan((int)(written % pattern.Length)));
            if (count > 0)
                written += count;
            else
                idle++;
            Turn();
        }

        // What nobody reads stays bounded: the pipe, the socket's buffer, and the monitor's own.
        Assert.InRange(written, 1024 * 1024, 16 * 1024 * 1024);
        long read = 0L;
        Close(_ends.Stdout);
        Close(_ends.Stderr);
        bool done = false;
        _streams!.Drain(s_limit, () => done = true);
        byte[] buffer = new byte[100_000];
        for (int rounds = 0; read < written && rounds < 100_000; rounds++)
        {
            if (client.Socket.Poll(0, SelectMode.SelectRead))
            {
                int count = client.Socket.Receive(buffer);
                for (int i = 0; i < count; i += 997)
                    Assert.Equal(pattern[(read + i) % pattern.Length], buffer[i]);
                read += count;
            }
            Turn();
        }
        Assert.True(done);
        Assert.Equal(written, read);
    }

    [Fact]
    public void A_dead_client_does_not_hold_the_process()
    {
        Open();
        var client = Attach(new MonitorAttach { Stdout = true });
        client.Socket.Dispose();
        long written = 0L;
        RawDescriptor.SetNonBlocking(_ends.Stdout);
        for (int i = 0; i < 150; i++)
        {
            written += Math.Max(0, RawDescriptor.Write(_ends.Stdout, new byte[64 * 1024]));
            Turn();
        }
        Assert.True(written > 8_000_000);
        Assert.False(_streams!.HasClients);
    }

    [Fact]
    public async Task Input_of_any_size_reaches_the_process_and_its_end_closes_stdin_once()
    {
        Open(new StreamOptions(Terminal: false, OpenStdin: true, StdinOnce: true));
        var client = Attach(new MonitorAttach { Stdin = true, Stdout = true, Prefix = "prefix "u8.ToArray() });
        byte[] input = new byte[3_000_000];
        new Random(2).NextBytes(input);
        var sender = Task.Run(() =>
        {
            for (int sent = 0; sent < input.Length;)
                sent += client.Socket.Send(input.AsSpan(sent));
            client.Socket.Shutdown(SocketShutdown.Send);
        });
        byte[] received = ReadToEnd(_ends.Stdin);
        await sender;
        Assert.Equal(7 + input.Length, received.Length);
        Assert.Equal("prefix "u8, received.AsSpan(0, 7));
        Assert.True(received.AsSpan(7).SequenceEqual(input));

        // The half-closed client still gets the output.
        Put(_ends.Stdout, "answer"u8);
        Turn();
        End();
        Assert.Equal("answer"u8, client.ReadToEnd());
    }

    [Fact]
    public void A_client_that_sends_and_vanishes_is_still_heard()
    {
        Open(new StreamOptions(Terminal: false, OpenStdin: true, StdinOnce: true));
        var client = Attach(new MonitorAttach { Stdin = true, Stdout = true });
        client.Socket.Send(new byte[100_000]);
        client.Socket.Dispose();
        Put(_ends.Stdout, "nobody reads this"u8);
        Assert.Equal(100_000, ReadToEnd(_ends.Stdin).Length);
        Assert.False(_streams!.HasClients);
    }

    [Fact]
    public void Without_StdinOnce_the_end_of_input_ends_the_client_and_leaves_stdin_open()
    {
        Open(new StreamOptions(Terminal: false, OpenStdin: true, StdinOnce: false));
        var first = Attach(new MonitorAttach { Stdin = true, Stdout = true });
        first.Socket.Send("a"u8);
        first.Socket.Shutdown(SocketShutdown.Send);
        Turn();
        Assert.Empty(first.ReadToEnd());
        var second = Attach(new MonitorAttach { Stdin = true });
        second.Socket.Send("b"u8);
        byte[] buffer = new byte[10];
        RawDescriptor.SetNonBlocking(_ends.Stdin);
        Assert.Equal((byte)'a', ReadByte(buffer));
        Assert.Equal((byte)'b', ReadByte(buffer));
        Assert.Equal(-11, RawDescriptor.Read(_ends.Stdin, buffer));
    }

    [Fact]
    public void An_output_kept_open_by_somebody_else_does_not_hold_the_end()
    {
        Open();
        var client = Attach(new MonitorAttach { Stdout = true });
        Put(_ends.Stdout, "last words"u8);
        bool done = false;
        _streams!.Drain(TimeSpan.FromMilliseconds(50), () => done = true);
        for (int i = 0; i < 50 && !done; i++)
            Turn();
        Assert.True(done);
        _streams.FinishClients();
        Turn();
        Assert.Equal("last words"u8, client.ReadToEnd());
    }

    [Fact]
    public void What_a_child_writes_after_the_end_is_delivered_until_the_outputs_close()
    {
        Open();
        var client = Attach(new MonitorAttach { Stdout = true });
        Put(_ends.Stdout, "last words"u8);
        bool done = false;
        _streams!.Drain(s_limit, () => done = true);
        for (int i = 0; i < 30; i++)
            Turn();
        Put(_ends.Stdout, " and a child's"u8);
        Turn();
        Assert.False(done);
        Close(_ends.Stdout);
        Close(_ends.Stderr);
        Turn();
        Assert.True(done);
        _streams.FinishClients();
        Turn();
        Assert.Equal("last words and a child's"u8, client.ReadToEnd());
    }

    [Fact]
    public void Everything_is_in_the_log_that_went_to_the_clients()
    {
        using var folder = new TemporaryFolder();
        using (var log = LogDrivers.Default.OpenWriter(new LogTarget { Driver = LogDrivers.Default.Name, Path = folder["l"] }, new NoHost()))
        {
            Open(log: log);
            for (int i = 0; i < 1000; i++)
            {
                Put(_ends.Stdout, "a line\n"u8);
                if (i % 10 == 0)
                    Turn();
            }
            Turn();
            End();
        }
        Assert.Equal(1000, File.ReadAllLines(folder["l"]).Length);
    }

    [Fact]
    public void Output_of_an_exec_that_is_quicker_than_its_client_waits_for_it()
    {
        Open(hold: true);
        Put(_ends.Stdout, "early"u8);
        Turn();
        var client = Attach(new MonitorAttach { Stdout = true });
        _streams!.Read();
        Turn();
        Put(_ends.Stdout, " and late"u8);
        End();
        Assert.Equal("early and late"u8, client.ReadToEnd());
    }

    [Fact]
    public void A_client_that_cannot_be_waited_for_is_let_go_and_the_others_go_on()
    {
        Open();
        var client = Attach(new MonitorAttach { Stdout = true });
        // epoll refuses regular files.
        using var regular = File.OpenRead(typeof(ProcessStreamsTests).Assembly.Location);
        int descriptor = RawDescriptor.Duplicate((int)regular.SafeFileHandle.DangerousGetHandle());
        Assert.Throws<LinuxException>(() => _streams!.Attach(new MonitorAttach { Stdin = true, Stdout = true }, descriptor));
        Put(_ends.Stdout, "goes on"u8);
        Turn();
        End();
        Assert.Equal("goes on"u8, client.ReadToEnd());
    }

    private void Open(StreamOptions options = default, ILogWriter? log = null, bool hold = false)
    {
        _streams = new ProcessStreams(_loop, options, log);
        _ends = _streams.OpenPipes(hold);
        // The tests read and write these ends themselves, so they must not be closed twice: whoever closes one says so by Close.
    }

    private Client Attach(MonitorAttach request)
    {
        string path = Path.Combine(Path.GetTempPath(), $"hafen-attach-{Guid.NewGuid():N}");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));

        // Kept until the end, as a daemon keeps it: what ends the stream must be the monitor's shutdown, not a last close.
        var accepted = listener.Accept();
        _clients.Add(accepted);
        File.Delete(path);
        int descriptor = RawDescriptor.Duplicate((int)accepted.Handle);
        var client = new Client(socket, Turn);
        _clients.Add(client);
        _streams!.Attach(request, descriptor);
        return client;
    }

    private static void Put(int descriptor, ReadOnlySpan<byte> bytes) => Assert.Equal(bytes.Length, RawDescriptor.Write(descriptor, bytes));

    private static void Close(int descriptor) => RawDescriptor.Close(descriptor);

    private void Turn()
    {
        bool over = false;
        _loop.After(TimeSpan.FromMilliseconds(10), () => over = true);
        while (!over)
            _loop.RunOnce();
    }

    private void End()
    {
        Close(_ends.Stdout);
        Close(_ends.Stderr);
        bool done = false;
        _streams!.Drain(s_limit, () => done = true);
        for (int i = 0; i < 50 && !done; i++)
            Turn();
        Assert.True(done);
        _streams.FinishClients();
        Turn();
    }

    private byte ReadByte(byte[] buffer)
    {
        var until = DateTime.UtcNow + s_limit;
        while (DateTime.UtcNow < until)
        {
            if (RawDescriptor.Read(_ends.Stdin, buffer.AsSpan(0, 1)) == 1)
                return buffer[0];
            Turn();
        }
        throw new TimeoutException("no input");
    }

    private byte[] ReadToEnd(int descriptor)
    {
        RawDescriptor.SetNonBlocking(descriptor);
        using var all = new MemoryStream();
        byte[] buffer = new byte[65536];
        var until = DateTime.UtcNow.AddSeconds(20);
        while (DateTime.UtcNow < until)
        {
            int count = RawDescriptor.Read(descriptor, buffer);
            if (count == 0)
                return all.ToArray();
            if (count > 0)
                all.Write(buffer, 0, count);
            _loop.After(TimeSpan.Zero, () => { });
            _loop.RunOnce();
        }
        throw new TimeoutException($"no end of input after {all.Length} bytes");
    }

    private sealed class NoHost : ILogHost
    {
        public bool Compress(int source, int target, Action<bool> finished) => throw new InvalidOperationException();

        public void CancelCompression() => throw new InvalidOperationException();
    }

    /// <param name="socket">The client's end.</param>
    /// <param name="turn">Lets the loop work, which has no thread of its own.</param>
    private sealed class Client(Socket socket, Action turn) : IDisposable
    {
        public Socket Socket { get; } = socket;

        public byte[] ReadToEnd()
        {
            using var all = new MemoryStream();
            byte[] buffer = new byte[65536];
            var until = DateTime.UtcNow + s_limit;
            while (DateTime.UtcNow < until)
            {
                if (!Socket.Poll(0, SelectMode.SelectRead))
                {
                    turn();
                    continue;
                }
                int count = Socket.Receive(buffer);
                if (count == 0)
                    return all.ToArray();
                all.Write(buffer, 0, count);
            }
            throw new TimeoutException($"no end of output after {all.Length} bytes");
        }

        public void Dispose() => Socket.Dispose();
    }
}
