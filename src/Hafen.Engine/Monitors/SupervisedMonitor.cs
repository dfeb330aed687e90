using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Channels;
using Hafen.Linux;
using Hafen.Linux.Sockets;
using Hafen.Monitor.Protocol;
using Hafen.Oci.Runtime;

namespace Hafen.Engine.Monitors;

/// <summary>
/// A container's monitor for as long as its process lives, whether it can be talked to or not. A connection that is refused, lost, silent or odd says nothing
/// about the container: it is made again in the background, and meanwhile requests fail within their limits. Only the end of the process ends this.
/// </summary>
internal sealed class SupervisedMonitor : IMonitor, IConnectionOwner
{
    private static readonly TimeSpan s_timerStep = TimeSpan.FromMilliseconds(20);

    private readonly MonitorReceiver _receiver;
    private readonly MonitorProcess _process;
    private readonly MonitorLimits _limits;
    private readonly string _containerId;
    private readonly string _socketPath;
    private readonly Func<MonitorExited?> _readExit;
    private readonly AcknowledgedEvents _events = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource<MonitorConnection> _ready = NewReady();
    private MonitorConnection? _connection;
    private MonitorHello? _greeting;
    private string? _trouble = MonitorUnreachableException.NoAnswer;
    private bool _launched;
    private bool _exitTold;
    private bool _over;
    private Task _connecting = Task.CompletedTask;

    /// <param name="receiver">Waits for packets.</param>
    /// <param name="process">The monitor's process.</param>
    /// <param name="containerId">Whose monitor it is.</param>
    /// <param name="socketPath">Where it listens.</param>
    /// <param name="readExit">Reads what it leaves when its container has ended.</param>
    /// <param name="limits">How long it is waited for.</param>
    public SupervisedMonitor(
        MonitorReceiver receiver, MonitorProcess process, string containerId, string socketPath, Func<MonitorExited?> readExit, MonitorLimits limits)
    {
        _receiver = receiver;
        _process = process;
        _limits = limits;
        _containerId = containerId;
        _socketPath = socketPath;
        _readExit = readExit;
    }

    public int Pid => _process.Pid;

    public MonitorHello? Greeting => Volatile.Read(ref _greeting);

    public string? Trouble => Volatile.Read(ref _trouble);

    public ChannelReader<MonitorEvent> Events => _events;

    /// <summary>Takes the connection of a monitor that was just started, and waits for its greeting.</summary>
    /// <exception cref="TimeoutException">It does not greet in time.</exception>
    /// <exception cref="IOException">It has ended, or greets in a way that is not understood.</exception>
    public async Task BeginAsync(int socket, CancellationToken cancellationToken)
    {
        _launched = true;
        var connection = new MonitorConnection(_receiver, this, socket);
        var first = await Task.WhenAny(_ready.Task, connection.Lost).WaitAsync(_limits.Launch, _limits.Clock, cancellationToken);
        if (first == connection.Lost)
            throw new IOException(Trouble);
        _ = EndWithProcessAsync();
    }

    /// <summary>Connects to one that runs already, in the background.</summary>
    public void Begin()
    {
        lock (_lock)
            _connecting = Task.Run(ConnectAsync);
        _ = EndWithProcessAsync();
    }

    public async Task AnswerAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RequestAsync(MessageType.Signal, WriteProbe, null, _limits.Ready, null, null, cancellationToken);
        }
        catch (MonitorException)
        {
            // That there is no container to be signalled is an answer, too.
        }
    }

    public Task<int> CreateAsync(MonitorCreate request, CancellationToken cancellationToken) =>
        RequestAsync(MessageType.Create, writer => writer.Write(request), null, _limits.Create, null, null, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) =>
        RequestAsync(MessageType.Start, static _ => { }, null, _limits.Answer, _limits.Start, null, cancellationToken);

    public Task AttachAsync(MonitorAttach request, SafeHandle client, CancellationToken cancellationToken) =>
        RequestAsync(
            MessageType.Attach,
            writer =>
            {
                writer.Write((string?)null);
                writer.Write(request);
            },
            client,
            _limits.Answer,
            null,
            null,
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
            _limits.Answer,
            _limits.Start,
            request.ExecId,
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
            null,
            _limits.Answer,
            null,
            null,
            cancellationToken);

    public Task SignalAsync(string? execId, int signal, CancellationToken cancellationToken) =>
        RequestAsync(
            MessageType.Signal,
            writer =>
            {
                writer.Write(execId);
                writer.Write(signal);
            },
            null,
            _limits.Signal,
            null,
            null,
            cancellationToken);

    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        Finish();
        await _connecting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    string? IConnectionOwner.Greeted(MonitorConnection connection, MonitorHello hello)
    {
        if (hello.ContainerId != _containerId || hello.MonitorPid != Pid)
            return $"process {hello.MonitorPid} answers for container {hello.ContainerId} in its place";
        TaskCompletionSource<MonitorConnection> ready;
        lock (_lock)
        {
            if (_over)
                return MonitorUnreachableException.ConnectionLost;
            var before = _greeting;
            _greeting = hello;
            _connection = connection;
            _trouble = null;
            ready = _ready;
            // One that was just launched has nothing to tell; any other may have gone on while nobody listened.
            if (!_launched || before is not null)
                _events.Publish(new MonitorGreeted(hello, Again: before is not null));
        }
        ready.TrySetResult(connection);
        return null;
    }

    void IConnectionOwner.Answered(MonitorConnection connection)
    {
        if (Trouble is null)
            return;
        TaskCompletionSource<MonitorConnection>? ready = null;
        lock (_lock)
        {
            if (_connection == connection)
            {
                _trouble = null;
                ready = _ready;
            }
        }
        ready?.TrySetResult(connection);
    }

    void IConnectionOwner.Happened(MonitorConnection connection, MonitorEvent happened, uint number)
    {
        lock (_lock)
        {
            if (happened is MonitorExited)
            {
                if (_exitTold)
                    return;
                _exitTold = true;
            }
            _events.Publish(happened, connection, number);
        }
    }

    void IConnectionOwner.Lost(MonitorConnection connection, string reason)
    {
        lock (_lock)
        {
            if (_connection is not null && _connection != connection)
                return;
            bool greeted = _connection == connection;
            _connection = null;
            _trouble = reason;
            if (_over)
                return;
            if (_ready.Task.IsCompleted)
                _ready = NewReady();
            // One that never greeted belongs to the attempt that made it.
            if (greeted)
                _connecting = Task.Run(ConnectAsync);
        }
    }

    private static TaskCompletionSource<MonitorConnection> NewReady() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void WriteProbe(MessageWriter writer)
    {
        // Signal 0 reaches nobody; every release answers it, with or without a container.
        writer.Write((string?)null);
        writer.Write(0);
    }

    /// <param name="answer">For the answer, or for a sign of life when <paramref name="work"/> says how long it may take.</param>
    /// <param name="work">Null for what is done at once.</param>
    private async Task<int> RequestAsync(
        MessageType type, Action<MessageWriter> write, SafeHandle? client, TimeSpan answer, TimeSpan? work, string? execId, CancellationToken cancellationToken)
    {
        // 1. A connection that answers.
        var connection = await ReadyAsync(cancellationToken);

        // 2. The answer. Silence of the monitor ends the wait, and so does the limit, whatever the monitor says. Asked first for the time, then for the limit:
        // what has been given up here must not be begun there.
        long before = AnswerBefore(answer);
        using var over = new CancellationTokenSource(work ?? answer, _limits.Clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        var request = connection.RequestAsync(type, write, client, before, execId, limit.Token);
        try
        {
            while (work is not null && !limit.IsCancellationRequested)
            {
                try
                {
                    return await request.WaitAsync(answer, _limits.Clock, CancellationToken.None);
                }
                catch (TimeoutException)
                {
                    if (!await ProbeAsync(connection, answer, limit.Token))
                        await limit.CancelAsync();
                }
            }
            return await request;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Silent(connection);
            throw new MonitorUnreachableException(MonitorUnreachableException.NoAnswer);
        }
        catch (IOException) when (!_process.Ended.IsCompleted && !_over && Trouble is not null)
        {
            throw new MonitorUnreachableException(Trouble ?? MonitorUnreachableException.ConnectionLost);
        }
    }

    private async Task<MonitorConnection> ReadyAsync(CancellationToken cancellationToken)
    {
        Task<MonitorConnection> ready;
        lock (_lock)
            ready = _ready.Task;
        if (ready.IsCompletedSuccessfully)
            return ready.Result;
        try
        {
            return await ready.WaitAsync(_limits.Ready, _limits.Clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new MonitorUnreachableException(Trouble ?? MonitorUnreachableException.NoAnswer);
        }
    }

    /// <summary>By the clock that the monitor reads, too; a little sooner than the wait ends here, because timers count in coarser steps.</summary>
    private static long AnswerBefore(TimeSpan limit)
        => MonotonicClock.Milliseconds + (long)(limit < 2 * s_timerStep ? limit / 2 : limit - s_timerStep).TotalMilliseconds;

    private async Task<bool> ProbeAsync(MonitorConnection connection, TimeSpan limit, CancellationToken cancellationToken)
    {
        long before = AnswerBefore(limit);
        using var late = new CancellationTokenSource(limit, _limits.Clock);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await connection.RequestAsync(MessageType.Signal, WriteProbe, null, before, null, over.Token);
        }
        catch (MonitorException)
        {
            // That, too, is an answer.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        return true;
    }

    /// <summary>It takes requests and does not answer: until the next packet of it nobody waits for long.</summary>
    private void Silent(MonitorConnection connection)
    {
        lock (_lock)
        {
            if (_connection != connection || _over)
                return;
            _trouble = MonitorUnreachableException.NoAnswer;
            if (_ready.Task.IsCompleted)
                _ready = NewReady();
        }
    }

    /// <summary>Until there is a connection that has greeted, or the process has ended.</summary>
    private async Task ConnectAsync()
    {
        var over = Task.WhenAny(_process.Ended, Task.Delay(Timeout.Infinite, _stop.Token));
        var pause = _limits.FirstPause;
        while (!over.IsCompleted)
        {
            // 1. Nobody is let in any more once the container has ended, and then its end is written down.
            if (_readExit() is { } exited)
            {
                PublishExit(exited);
                return;
            }

            // 2. The greeting is waited for without a limit: who hangs greets when it goes on, and a further connection would be no better.
            if (Connect() is { } waiting)
            {
                Task<MonitorConnection> ready;
                lock (_lock)
                    ready = _ready.Task;
                await Task.WhenAny(ready, waiting.Lost, over);
                if (Holds(waiting))
                    return;
                waiting.Dispose();
            }

            // 3. Again, not too soon.
            await Task.WhenAny(over, Task.Delay(pause, _limits.Clock, CancellationToken.None));
            pause = pause * 2 < _limits.LongestPause ? pause * 2 : _limits.LongestPause;
        }
    }

    /// <summary>Null when nobody lets us in now; the reason is noted.</summary>
    private MonitorConnection? Connect()
    {
        try
        {
            int socket = PacketSocket.Connect(_socketPath);
            if (socket >= 0)
                return new MonitorConnection(_receiver, this, socket);
            SetTrouble($"connect: {Errno.Text(-socket)}");
        }
        catch (LinuxException exception)
        {
            SetTrouble(exception.Message);
        }
        return null;
    }

    private bool Holds(MonitorConnection connection)
    {
        lock (_lock)
            return _connection == connection;
    }

    private void SetTrouble(string trouble)
    {
        lock (_lock)
        {
            if (_connection is null)
                _trouble = trouble;
        }
    }

    private void PublishExit(MonitorExited exited)
    {
        lock (_lock)
        {
            if (_exitTold)
                return;
            _exitTold = true;
            _events.Publish(exited);
        }
    }

    private async Task EndWithProcessAsync()
    {
        await Task.WhenAny(_process.Ended, Task.Delay(Timeout.Infinite, _stop.Token));
        // What it said last may still be in the socket.
        MonitorConnection? last;
        lock (_lock)
            last = _connection;
        if (last is not null && !_stop.IsCancellationRequested)
            await Task.WhenAny(last.Lost, Task.Delay(_limits.LastWords, _limits.Clock, _stop.Token));
        Finish();
    }

    private void Finish()
    {
        MonitorConnection? connection;
        TaskCompletionSource<MonitorConnection> ready;
        lock (_lock)
        {
            if (_over)
                return;
            _over = true;
            connection = _connection;
            ready = _ready;
        }
        _stop.Cancel();
        connection?.Dispose();
        ready.TrySetException(new IOException(MonitorUnreachableException.ConnectionLost));
        _ = ready.Task.Exception;
        _events.Complete();
    }
}
