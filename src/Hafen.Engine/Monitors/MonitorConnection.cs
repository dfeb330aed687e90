using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Channels;
using Hafen.Linux;
using Hafen.Linux.Descriptors;
using Hafen.Linux.Sockets;
using Hafen.Monitor.Protocol;
using Hafen.Oci.Runtime;

namespace Hafen.Engine.Monitors;

/// <summary>The daemon's end of the connection to one monitor.</summary>
internal sealed class MonitorConnection : IMonitor
{
    private static readonly TimeSpan SendRetry = TimeSpan.FromMilliseconds(2);
    [ThreadStatic] private static byte[]? s_buffer;

    private readonly MonitorReceiver _receiver;
    private readonly int _socket;
    private readonly ulong _watch;
    private readonly AcknowledgedEvents _events;
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<int>> _pending = [];
    private readonly TaskCompletionSource<MonitorHello> _hello = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _sending = new();
    private uint _lastRequest;
    private bool _closed;

    /// <param name="receiver">Waits for packets.</param>
    /// <param name="socket">The connection, owned from here on.</param>
    public MonitorConnection(MonitorReceiver receiver, int socket)
    {
        _receiver = receiver;
        _socket = socket;
        _events = new AcknowledgedEvents(number => Post(new MessageWriter(MessageType.Acknowledge, number)));

        // The first packet may come before Add has returned its token; Receive takes the lock that is held here.
        lock (_sending)
            _watch = receiver.Add(socket, Receive);
    }

    public int Pid => Greeting.MonitorPid;

    public MonitorHello Greeting => _hello.Task is { IsCompletedSuccessfully: true } hello
        ? hello.Result
        : throw new InvalidOperationException("the monitor has not greeted yet");

    public ChannelReader<MonitorEvent> Events => _events;

    /// <summary>What the monitor said first; faults when the connection ends before that.</summary>
    public Task<MonitorHello> Hello => _hello.Task;

    public Task<int> CreateAsync(MonitorCreate request, CancellationToken cancellationToken) =>
        RequestAsync(MessageType.Create, writer => writer.Write(request), client: null, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) =>
        RequestAsync(MessageType.Start, static _ => { }, client: null, cancellationToken);

    public Task AttachAsync(MonitorAttach request, SafeHandle client, CancellationToken cancellationToken) =>
        RequestAsync(
            MessageType.Attach,
            writer =>
            {
                writer.Write((string?)null);
                writer.Write(request);
            },
            client,
            cancellationToken);

    public Task<int> ExecAsync(MonitorExec request, SpecProcess process, SafeHandle? client, CancellationToken cancellationToken) =>
        RequestAsync(
            MessageType.Exec,
            writer =>
            {
                writer.Write(request);
                writer.Write(JsonSerializer.SerializeToUtf8Bytes(process, RuntimeSpecJson.Default.SpecProcess));
            },
            client,
            cancellationToken);

    public Task ResizeAsync(string? execId, int height, int width, CancellationToken cancellationToken) =>
        RequestAsync(
            MessageType.Resize,
            writer =>
            {
                writer.Write(execId);
                writer.Write(height);
                writer.Write(width);
            },
            client: null,
            cancellationToken);

    public Task SignalAsync(string? execId, int signal, CancellationToken cancellationToken) =>
        RequestAsync(
            MessageType.Signal,
            writer =>
            {
                writer.Write(execId);
                writer.Write(signal);
            },
            client: null,
            cancellationToken);

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private async Task<int> RequestAsync(
        MessageType type, Action<MessageWriter> write, SafeHandle? client, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _lastRequest);
        var message = new MessageWriter(type, number);
        write(message);
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[number] = answer;
        try
        {
            await SendAsync(message, client, cancellationToken).ConfigureAwait(false);
            return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _pending.TryRemove(number, out _);
        }
    }

    private async Task SendAsync(MessageWriter message, SafeHandle? client, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = Send(message, client);
            if (result == 0)
                return;
            if (result is not (-Errno.EAGAIN or -Errno.ENOMEM))
                throw Lost();

            // The monitor's buffer is full: it is busy, which is rare and short.
            await Task.Delay(SendRetry, cancellationToken).ConfigureAwait(false);
        }
    }

    private int Send(MessageWriter message, SafeHandle? client)
    {
        lock (_sending)
        {
            if (_closed)
                return -Errno.EPIPE;
            if (client is null)
                return MonitorPackets.Send(_socket, message.Bytes);
            var held = false;
            try
            {
                client.DangerousAddRef(ref held);
                return MonitorPackets.Send(_socket, message.Bytes, (int)client.DangerousGetHandle());
            }
            finally
            {
                if (held)
                    client.DangerousRelease();
            }
        }
    }

    /// <summary>Sends what nobody waits for; a monitor that does not take it does without.</summary>
    private void Post(MessageWriter message) => Send(message, client: null);

    private void Receive()
    {
        var buffer = s_buffer ??= new byte[MonitorPackets.InlineLimit];
        Span<int> descriptors = stackalloc int[PacketSocket.MaximumDescriptors];
        int length;
        ReadOnlySpan<byte> packet;
        lock (_sending)
        {
            if (_closed)
                return;
            length = MonitorPackets.Receive(_socket, buffer, out packet, descriptors, out var count);
            foreach (var descriptor in descriptors[..count])
                RawDescriptor.Close(descriptor);
        }
        if (length is -Errno.EAGAIN or -Errno.EINTR)
            return;
        if (length <= 0)
        {
            Close();
            return;
        }
        try
        {
            Take(packet);
        }
        catch (InvalidDataException failure)
        {
            _hello.TrySetException(failure);
            Close();
        }
    }

    private void Take(ReadOnlySpan<byte> packet)
    {
        var reader = new MessageReader(packet);
        switch (reader.Type)
        {
            case MessageType.Hello:
                _hello.TrySetResult(reader.ReadHello());
                break;
            case MessageType.Done:
                if (_pending.TryGetValue(reader.Number, out var done))
                    done.TrySetResult(reader.ReadInt32());
                break;
            case MessageType.Failed:
                if (_pending.TryGetValue(reader.Number, out var failed))
                    failed.TrySetException(new MonitorException(reader.ReadFailure()));
                break;
            default:
                if (reader.ReadEvent() is { } happened)
                    _events.Publish(happened, reader.Number);
                break;
        }
    }

    private void Close()
    {
        lock (_sending)
        {
            if (_closed)
                return;
            _closed = true;
            _receiver.Remove(_watch, _socket);
            RawDescriptor.Close(_socket);
        }
        _hello.TrySetException(Lost());
        foreach (var answer in _pending.Values)
            answer.TrySetException(Lost());
        _events.Complete();
    }

    private static IOException Lost() => new("the connection to the container's monitor is lost");
}
