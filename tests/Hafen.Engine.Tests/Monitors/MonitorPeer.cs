using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Hafen.Engine.Monitors;
using Hafen.Linux.Descriptors;
using Hafen.Linux.Sockets;
using Hafen.Monitor.Containers;
using Hafen.Monitor.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace Hafen.Engine.Tests.Monitors;

/// <summary>
/// A monitor of any release, played by the test on a real socket: a process that sleeps lends it the pid, and its packets are bytes that the test chooses.
/// </summary>
internal sealed class MonitorPeer : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly string _runRoot = Directory.CreateTempSubdirectory("hafen-peer-").FullName;
    private readonly Process _process;
    private int _listener = -1;

    /// <param name="named">The process has a monitor's command line.</param>
    public MonitorPeer(bool named = false)
    {
        Id = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        Directory.CreateDirectory(StateFolder);
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = _runRoot };
        // A script of that name makes the command line of a monitor: "sh monitor --id ID --state FOLDER".
        // It waits without a child, which would outlive it: for a line of a pipe that nobody writes.
        File.WriteAllText(Path.Combine(_runRoot, "monitor"), "mkfifo idle; while :; do read -r line <>idle; done\n");
        foreach (string argument in named ? ["monitor", "--id", Id, "--state", StateFolder] : (string[])["-c", "exec sleep 1000"])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        // A process that is only just executing its program has no command line for a moment.
        Assert.True(SpinWait.SpinUntil(() => !named || File.ReadAllText($"/proc/{Pid}/cmdline").Contains(Id, StringComparison.Ordinal), TimeSpan.FromSeconds(60)));
        Monitors = new MonitorProcesses("/nonexistent", _runRoot, MonitorLimits.Default with { Clock = Clock });
    }

    /// <summary>What the daemon's side measures its limits by: none of them is over before the test says so, however busy the machine is.</summary>
    public FakeTimeProvider Clock { get; } = new();

    public string Id { get; }

    public int Pid => _process.Id;

    public MonitorProcesses Monitors { get; }

    public string StateFolder => Path.Combine(_runRoot, "containers", Id);

    public string PidFile => Path.Combine(StateFolder, "monitor.pid");

    private string SocketPath => Path.Combine(StateFolder, "monitor.sock");

    /// <summary>Lets time go by until something has come to its end.</summary>
    /// <param name="task">What it is.</param>
    /// <param name="step">How far time jumps; null for a little.</param>
    /// <param name="pause">How long those who wait for such a jump are given to act on it before the next; null for a moment.</param>
    public async Task<T> PassAsync<T>(Task<T> task, TimeSpan? step = null, TimeSpan? pause = null)
    {
        for (var end = Stopwatch.StartNew(); !task.IsCompleted && end.Elapsed < s_limit;)
        {
            Clock.Advance(step ?? TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(task, Task.Delay(pause ?? TimeSpan.FromMilliseconds(1)));
        }
        return await task.WaitAsync(s_limit);
    }

    /// <inheritdoc cref="PassAsync{T}"/>
    public Task PassAsync(Task task) => PassAsync(Awaited(task));

    /// <summary>What a daemon notes at the launch.</summary>
    public void Note() => MonitorPidFile.Write(StateFolder, Pid);

    public void Listen()
    {
        _listener = PacketSocket.Listen(SocketPath);
    }

    /// <summary>Lets nobody in any more; the socket's name stays, as the end of a process leaves it.</summary>
    public void StopListening()
    {
        RawDescriptor.Close(_listener);
        _listener = -1;
    }

    /// <summary>Takes the connection that the daemon has made.</summary>
    public Task<Line> AcceptAsync() => PassAsync(Task.Run(() => new Line(PacketSocket.Accept(_listener))));

    public void End()
    {
        // The shell, and what it waits for.
        foreach (string child in File.ReadAllText($"/proc/{Pid}/task/{Pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Hafen.Linux.Processes.ProcessControl.Kill(int.Parse(child), 9);
        _process.Kill();
        _process.WaitForExit();
    }

    public void LeaveExit(MonitorExited exited) => ExitFile.Write(StateFolder, exited);

    /// <summary>The greeting of the first release, byte by byte, and what a later one adds.</summary>
    public byte[] Hello(ushort version = 1, string? id = null, int? pid = null, byte[]? extensions = null, params string[] execs)
        => Packet(
            1, 0, version,
            [.. Text(id ?? Id), .. Int(pid ?? Pid), .. Int(4711), 2, .. Int(execs.Length), .. execs.SelectMany(e => (byte[])[.. Text(e), .. Int(99)]), .. Long(0), .. extensions ?? []]);

    public static byte[] Packet(ushort type, uint number, ushort version, byte[] fields)
    {
        byte[] packet = new byte[8 + fields.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(packet, type);
        BinaryPrimitives.WriteUInt16LittleEndian(packet.AsSpan(2), version);
        BinaryPrimitives.WriteUInt32LittleEndian(packet.AsSpan(4), number);
        fields.CopyTo(packet, 8);
        return packet;
    }

    public static byte[] Text(string text) => [.. Int(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    public static byte[] Int(int value) => BitConverter.GetBytes(value);

    public static byte[] Long(long value) => BitConverter.GetBytes(value);

    public static byte[] Extension(ushort tag, byte[] value) => [.. BitConverter.GetBytes(tag), .. Int(value.Length), .. value];

    private static async Task<bool> Awaited(Task task)
    {
        await task;
        return true;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            End();
        _process.Dispose();
        if (_listener >= 0)
            StopListening();
        Monitors.Dispose();
        Directory.Delete(_runRoot, recursive: true);
    }

    /// <summary>One connection to the daemon.</summary>
    internal sealed class Line(int socket) : IDisposable
    {
        public void Send(byte[] packet) => Assert.True(PacketSocket.Send(socket, packet, []) > 0);

        /// <summary>The next packet of the daemon.</summary>
        public async Task<Request> ReceiveAsync()
        {
            byte[] buffer = new byte[64 * 1024];
            int length = await Task.Run(() => PacketSocket.Receive(socket, buffer, new int[PacketSocket.MaximumDescriptors], out int _, wait: true))
                .WaitAsync(s_limit);
            return length > 0
                ? new Request(
                    BinaryPrimitives.ReadUInt16LittleEndian(buffer), BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(2)), BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(4)), buffer[8..length])
                : new Request(0, 0, 0, []);
        }

        public void Done(uint number, int value = 0, byte[]? extensions = null) => Send(Packet(32, number, 1, [.. Int(value), .. extensions ?? []]));

        public void Dispose() => RawDescriptor.Close(socket);
    }

    /// <summary>What the daemon asks.</summary>
    internal sealed record Request(ushort Type, ushort Version, uint Number, byte[] Fields);
}
