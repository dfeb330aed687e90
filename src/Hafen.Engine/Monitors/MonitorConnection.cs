using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Descriptors;
using Hafen.Linux.Sockets;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Monitors;

/// <summary>One connection to a monitor, from its greeting until it breaks. Who keeps it and makes the next one is <see cref="SupervisedMonitor"/>.</summary>
internal sealed class MonitorConnection : IDisposable
{
    private const int SIGKILL = 9;
    private static readonly TimeSpan s_sendRetry = TimeSpan.FromMilliseconds(2);
    [ThreadStatic] private static byte[]? s_buffer;

    private readonly MonitorReceiver _receiver;
    private readonly IConnectionOwner _owner;
    private readonly int _socket;
    private readonly ulong _watch;
    private readonly ConcurrentDictionary<uint, PendingAnswer> _pending = [];
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _sending = new();
    private uint _lastRequest;
    private bool _closed;

    /// <param name="receiver">Waits for packets.</param>
    /// <param name="owner">Is told what comes.</param>
    /// <param name="socket">The connection, owned from here on, also when this fails.</param>
    /// <exception cref="LinuxException">The kernel has no room to watch it.</exception>
    public MonitorConnection(MonitorReceiver receiver, IConnectionOwner owner, int socket)
    {
        _receiver = receiver;
        _owner = owner;
        _socket = socket;

        // The first packet may come before Add has returned its token; Receive takes the lock that is held here.
        lock (_sending)
        {
            try
            {
                _watch = receiver.Add(socket, Receive);
            }
            catch
            {
                RawDescriptor.Close(socket);
                throw;
            }
        }
    }

    /// <summary>Completes when the connection is over.</summary>
    public Task Lost => _lost.Task;

    /// <summary>Sends a request and gives the value of its answer.</summary>
    /// <param name="type">What is asked.</param>
    /// <param name="write">Writes the fields.</param>
    /// <param name="client">A descriptor that goes with it; it stays the caller's.</param>
    /// <param name="answerBefore">When the monitor need not begin with it any more, by <see cref="MonotonicClock"/>.</param>
    /// <param name="execId">The exec that the request starts: when its answer comes after everybody has given it up, the exec is ended again.</param>
    /// <param name="cancellationToken">Gives the request up.</param>
    /// <exception cref="MonitorException">The monitor could not do it, or the request is too large.</exception>
    /// <exception cref="IOException">The connection is lost.</exception>
    public async Task<int> RequestAsync(
        MessageType type, Action<MessageWriter> write, SafeHandle? client, long answerBefore, string? execId, CancellationToken cancellationToken)
    {
        uint number = Interlocked.Increment(ref _lastRequest);
        var message = new MessageWriter(type, number);
        write(message);
        message.Extend(ExtensionTag.AnswerBefore, answerBefore);
        var pending = new PendingAnswer(execId);
        _pending[number] = pending;
        bool sent = false;
        try
        {
            await SendAsync(message, client, cancellationToken);
            sent = true;
            return await pending.Answer.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (sent && execId is not null)
        {
            // Stays among the pending ones until the monitor answers or the connection ends.
            if (pending.GiveUp())
                throw;
            return await pending.Answer.Task;
        }
        finally
        {
            if (!pending.IsGivenUp)
                _pending.TryRemove(number, out _);
        }
    }

    /// <summary>Tells the monitor that an event has been dealt with; one that does not take it does without.</summary>
    public void Acknowledge(uint number) => Send(new MessageWriter(MessageType.Acknowledge, number), client: null);

    public void Dispose() => Close(MonitorUnreachableException.ConnectionLost);

    private async Task SendAsync(MessageWriter message, SafeHandle? client, CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (Send(message, client))
            {
                case 0:
                    return;
                case -Errno.EAGAIN or -Errno.ENOMEM:
                    // The monitor's buffer is full: it is busy, which is rare and short, or hangs, which the caller's limit ends.
                    await Task.Delay(s_sendRetry, cancellationToken);
                    break;
                case -Errno.EMSGSIZE:
                    throw new MonitorException(new Failure(
                        ErrorKind.InvalidParameter, Errno.EMSGSIZE, "request",
                        $"the request has {message.Bytes.Length} bytes, a container's monitor takes {MonitorPackets.Limit} at most"));
                default:
                    throw new IOException(MonitorUnreachableException.ConnectionLost);
            }
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
            bool held = false;
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

    private void Receive()
    {
        byte[] buffer = s_buffer ??= new byte[MonitorPackets.InlineLimit];
        Span<int> descriptors = stackalloc int[PacketSocket.MaximumDescriptors];
        int length;
        ReadOnlySpan<byte> packet;
        lock (_sending)
        {
            if (_closed)
                return;
            length = MonitorPackets.Receive(_socket, buffer, out packet, descriptors, out int count);
            foreach (int descriptor in descriptors[..count])
                RawDescriptor.Close(descriptor);
        }
        if (length is -Errno.EAGAIN or -Errno.EINTR)
            return;
        if (length <= 0)
        {
            Close(length == 0 ? MonitorUnreachableException.ConnectionLost : Errno.Text(-length));
            return;
        }
        try
        {
            Take(packet);
        }
        catch (InvalidDataException exception)
        {
            Close(exception.Message);
        }
    }

    private void Take(ReadOnlySpan<byte> packet)
    {
        var reader = new MessageReader(packet);
        switch (reader.Type)
        {
            case MessageType.Hello:
                if (_owner.Greeted(this, reader.ReadHello()) is { } refusal)
                    Close(refusal);
                return;
            case MessageType.Done:
                if (_pending.TryGetValue(reader.Number, out var done))
                    Settle(reader.Number, done, done.Done(reader.ReadInt32()));
                break;
            case MessageType.Failed:
                if (_pending.TryGetValue(reader.Number, out var failed))
                    Settle(reader.Number, failed, failed.Failed(new MonitorException(reader.ReadFailure())));
                break;
            default:
                // Of a type that is not known: from a newer monitor, about something that nobody here waits for.
                if (reader.ReadEvent() is { } happened)
                    _owner.Happened(this, happened, reader.Number);
                break;
        }
        _owner.Answered(this);
    }

    /// <summary>What was started for somebody who has given up must not run for nobody.</summary>
    private void Settle(uint number, PendingAnswer pending, bool endExec)
    {
        if (!pending.IsGivenUp)
            return;
        _pending.TryRemove(number, out _);
        if (!endExec)
            return;
        var kill = new MessageWriter(MessageType.Signal, Interlocked.Increment(ref _lastRequest));
        kill.Write(pending.ExecId);
        kill.Write(SIGKILL);
        Send(kill, client: null);
    }

    private void Close(string reason)
    {
        lock (_sending)
        {
            if (_closed)
                return;
            _closed = true;
            _receiver.Remove(_watch, _socket);
            RawDescriptor.Close(_socket);
        }
        _owner.Lost(this, reason);
        foreach (var pending in _pending.Values)
            pending.Failed(new IOException(MonitorUnreachableException.ConnectionLost));
        _lost.TrySetResult();
    }

    /// <summary>A request that has been sent.</summary>
    private sealed class PendingAnswer(string? execId)
    {
        private readonly Lock _lock = new();

        public TaskCompletionSource<int> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string? ExecId { get; } = execId;

        public bool IsGivenUp { get; private set; }

        /// <summary>Nobody waits any more; false when the answer is there already.</summary>
        public bool GiveUp()
        {
            lock (_lock)
                return IsGivenUp = !Answer.Task.IsCompleted;
        }

        /// <returns>Whether nobody takes it any more.</returns>
        public bool Done(int value)
        {
            lock (_lock)
                Answer.TrySetResult(value);
            return IsGivenUp;
        }

        /// <returns>Always false: there is nothing to end.</returns>
        public bool Failed(Exception failure)
        {
            lock (_lock)
                Answer.TrySetException(failure);
            return false;
        }
    }
}
