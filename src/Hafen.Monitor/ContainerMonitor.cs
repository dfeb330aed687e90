using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Descriptors;
using Hafen.Linux.Processes;
using Hafen.Linux.Terminals;
using Hafen.Monitor.Connections;
using Hafen.Monitor.Containers;
using Hafen.Monitor.Loop;
using Hafen.Monitor.Protocol;
using Hafen.Monitor.Streams;
using Hafen.Runtime.Errors;

namespace Hafen.Monitor;

/// <summary>The monitor of one container: carries out what daemons ask, reports what happens, and ends with the container.</summary>
internal sealed class ContainerMonitor : IRequests, IDisposable
{
    private static readonly TimeSpan s_goodbyeLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_logRetry = TimeSpan.FromSeconds(1);

    /// <summary>Bytes allocated between two collections.</summary>
    private const long GarbageLimit = 1024 * 1024;

    /// <summary>
    /// Descriptors that clients leave free: for the daemon's next connection, the log, an exec's way into the container. A monitor without any would be deaf, and
    /// what it cannot take any more would end its connections.
    /// </summary>
    private const int ReservedDescriptors = 64;

    private readonly EventLoop _loop = new();
    private readonly Reaper _reaper;
    private readonly Daemons _daemons;
    private readonly string _id;
    private readonly string _stateFolder;
    private readonly Dictionary<string, ContainerExec> _execs = [];
    private readonly List<ProcessStreams> _leaving = [];
    private Container? _container;
    private bool _ending;
    private bool _late;
    private bool _busySinceTrim;
    private bool _retryingLog;
    private long _collectedAt;

    public ContainerMonitor(string id, string stateFolder)
    {
        _id = id;
        _stateFolder = stateFolder;
        _reaper = new Reaper(_loop);
        _daemons = new Daemons(_loop, stateFolder) { Requests = this };
        _loop.Idle = Idle;
        _loop.Handled = Handled;
    }

    /// <summary>Serves until the container has ended.</summary>
    /// <param name="connection">The connection to the daemon that started this monitor.</param>
    public void Run(int connection)
    {
        _daemons.Listen();
        _daemons.Add(connection);
        _loop.Run();
    }

    public void Dispose()
    {
        _reaper.Dispose();
        _loop.Dispose();
    }

    public MonitorHello Describe() => new()
    {
        ContainerId = _id,
        MonitorPid = Environment.ProcessId,
        InitPid = _container is { State: not MonitorState.Ended } ? _container.Pid : 0,
        State = _container?.State ?? MonitorState.Empty,
        Execs = [.. _execs.Values.Where(e => e.Running).Select(e => new MonitorExecState(e.Id, e.Pid))],
        LostLogLines = _container?.LostLogLines ?? 0,
        ProtocolMinor = MessageWriter.Minor,
    };

    public void Handle(PendingReply reply, ref MessageReader request, ReadOnlySpan<int> descriptors)
    {
        _busySinceTrim = true;
        int client = descriptors.IsEmpty ? -1 : descriptors[0];

        // No request of this release carries more.
        foreach (int unknown in descriptors.IsEmpty ? descriptors : descriptors[1..])
            RawDescriptor.Close(unknown);
        switch (request.Type)
        {
            case MessageType.Create:
                var create = request.ReadCreate();
                if (InTime(reply, ref request, client))
                    Create(reply, create);
                break;
            case MessageType.Start:
                if (InTime(reply, ref request, client) && Existing(reply, "start") is { } created)
                    created.Start(reply);
                break;
            case MessageType.Attach:
                var (attachTo, attach) = (request.ReadOptionalString(), request.ReadAttach());
                if (InTime(reply, ref request, client))
                    Attach(reply, attachTo, attach, client);
                break;
            case MessageType.Exec:
                var (exec, process) = (request.ReadExec(), request.ReadBytes());
                if (InTime(reply, ref request, client))
                    Exec(reply, exec, process, client);
                break;
            case MessageType.Resize:
                var (resized, size) = (request.ReadOptionalString(), new WindowSize(request.ReadInt32(), request.ReadInt32()));
                if (InTime(reply, ref request, client))
                    Resize(reply, resized, size);
                break;
            case MessageType.Signal:
                var (signalled, signal) = (request.ReadOptionalString(), request.ReadInt32());
                if (InTime(reply, ref request, client))
                    Signal(reply, signalled, signal);
                break;
            default:
                if (client >= 0)
                    RawDescriptor.Close(client);
                reply.Failed(new Failure(
                    ErrorKind.NotImplemented, 0, "request", $"the container's monitor is of a release that does not know request {(ushort)request.Type}"));
                break;
        }
    }

    public void DaemonGone()
    {
        if (_daemons.Any)
            return;

        // Nobody is left who could start what is half made.
        if (_container is null)
            End();
        else if (_container.State == MonitorState.Created)
            _container.Abandon();
        else
            EndWhenDone();
    }

    private void Create(PendingReply reply, MonitorCreate request)
    {
        if (_container is not null)
        {
            reply.Failed(new Failure(ErrorKind.InvalidParameter, 0, "create", "this monitor has its container already"));
            return;
        }
        try
        {
            _container = new Container(_loop, _reaper, request)
            {
                Ending = AbandonExecs,
                OutOfMemory = () => _daemons.Publish(new MonitorOutOfMemory()),
                Exited = ContainerExited,
                Gone = End,
            };
            _container.Streams.Detached = () => _daemons.Publish(new MonitorDetached());
            _container.Streams.ClientGone = EndWhenDone;
            reply.Done(_container.Pid);
        }
        catch (Exception exception)
        {
            reply.Failed(Failures.From(exception, "create"));
        }
    }

    private void Attach(PendingReply reply, string? execId, MonitorAttach request, int client)
    {
        if (client < 0)
            throw new InvalidDataException("attach without a socket");
        if (Streams(execId) is not { } streams)
        {
            RawDescriptor.Close(client);
            reply.Failed(NotRunning("attach", execId));
            return;
        }
        if (NoRoom(reply, "attach", client))
            return;
        try
        {
            streams.Attach(request, client);
            reply.Done();
        }
        catch (LinuxException exception)
        {
            reply.Failed(Failures.From(exception, "attach"));
        }
    }

    private void Exec(PendingReply reply, MonitorExec request, byte[] process, int client)
    {
        if (_container is not { State: MonitorState.Running } container)
        {
            if (client >= 0)
                RawDescriptor.Close(client);
            reply.Failed(NotRunning("exec", execId: null));
            return;
        }
        if (client >= 0 != request.Attach is not null || _execs.ContainsKey(request.ExecId))
            throw new InvalidDataException("exec without its socket, or twice");
        if (NoRoom(reply, "exec", client))
            return;
        try
        {
            var exec = new ContainerExec(_loop, _reaper, container, request, process, client, reply)
            {
                Exited = ExecExited,
                Gone = e => _execs.Remove(e.Id),
            };
            exec.Streams.Detached = () => _daemons.Publish(new MonitorDetached { ExecId = exec.Id });
            _execs[request.ExecId] = exec;
        }
        catch (Exception exception)
        {
            if (client >= 0)
                RawDescriptor.Close(client);
            reply.Failed(Failures.From(exception, "exec"));
        }
    }

    private void Resize(PendingReply reply, string? execId, WindowSize size)
    {
        if (Streams(execId) is not { } streams)
        {
            reply.Failed(NotRunning("resize", execId));
            return;
        }
        try
        {
            streams.Resize(size);
            reply.Done();
        }
        catch (LinuxException exception)
        {
            reply.Failed(Failures.From(exception, "resize"));
        }
    }

    private void Signal(PendingReply reply, string? execId, int signal)
    {
        try
        {
            bool sent = execId is null
                ? _container?.Signal(signal) ?? false
                : _execs.TryGetValue(execId, out var exec) && exec.Signal(signal);
            if (sent)
                reply.Done();
            else
                reply.Failed(NotRunning("signal", execId));
        }
        catch (LinuxException exception)
        {
            reply.Failed(Failures.From(exception, "signal"));
        }
    }

    private void ContainerExited(MonitorExited exited)
    {
        _daemons.StopListening();
        try
        {
            ExitFile.Write(_stateFolder, exited);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The event still tells a daemon that is there.
        }
        _daemons.Publish(exited, () =>
        {
            _container!.Streams.FinishClients();
            _ending = true;
            _loop.After(s_goodbyeLimit, () =>
            {
                _late = true;
                EndWhenDone();
            });
            EndWhenDone();
        });
    }

    private void AbandonExecs()
    {
        foreach (var exec in _execs.Values)
            exec.Abandon();
    }

    private void ExecExited(ContainerExec exec, int exitCode)
    {
        _execs.Remove(exec.Id);
        _leaving.Add(exec.Streams);
        exec.Streams.ClientGone = () => ExecClientGone(exec.Streams);
        _daemons.Publish(new MonitorExecExited { ExecId = exec.Id, ExitCode = exitCode }, () =>
        {
            exec.Streams.FinishClients();
            ExecClientGone(exec.Streams);
        });
    }

    private void ExecClientGone(ProcessStreams streams)
    {
        if (!streams.HasClients)
            _leaving.Remove(streams);
        EndWhenDone();
    }

    /// <summary>
    /// Ends once everybody has got everything. A client that takes its time, like a pager, is waited for as long as it stays connected; the daemon and
    /// execs that do not come to an end are not.
    /// </summary>
    private void EndWhenDone()
    {
        if (_ending && !_container!.Streams.HasClients && _leaving.Count == 0 && (_late || (_execs.Count == 0 && _daemons.Flushed)))
            End();
    }

    private void End()
    {
        _daemons.StopListening();
        _loop.Stop();
    }

    private bool Idle()
    {
        _container?.ReleaseMemory();
        foreach (var exec in _execs.Values)
            exec.Streams.Release();
        if (_container?.FlushLog() == false)
            RetryLog();
        if (!_busySinceTrim || _container is not { State: MonitorState.Running })
            return false;
        _busySinceTrim = false;
        _loop.KeepSmall();
        Collect();
        return true;
    }

    /// <summary>
    /// A container that never stops talking lets nobody idle, and the runtime's own first collection comes when a good part of the processor's cache
    /// has been allocated, dozens of megabytes on some.
    /// </summary>
    private void Handled()
    {
        if (GC.GetAllocatedBytesForCurrentThread() - _collectedAt > GarbageLimit)
            Collect();
    }

    private void Collect()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _collectedAt = GC.GetAllocatedBytesForCurrentThread();
    }

    /// <summary>A silent container must not keep its last lines waiting until it speaks again.</summary>
    private void RetryLog()
    {
        if (_retryingLog)
            return;
        _retryingLog = true;
        _loop.After(s_logRetry, () =>
        {
            _retryingLog = false;
            if (_container?.FlushLog() == false)
                RetryLog();
        });
    }

    /// <summary>False when the daemon has given the request up meanwhile, this process having been stopped for example; then nothing of it happens.</summary>
    private static bool InTime(PendingReply reply, ref MessageReader request, int client)
    {
        if (request.FindExtension(ExtensionTag.AnswerBefore) is not { } limit || MonotonicClock.Milliseconds <= limit)
            return true;
        if (client >= 0)
            RawDescriptor.Close(client);
        reply.Failed(new Failure(ErrorKind.TooLate, 0, "request", "the container's monitor came to the request too late"));
        return false;
    }

    /// <summary>Refuses what would take descriptors that are not to be taken.</summary>
    private bool NoRoom(PendingReply reply, string stage, int client)
    {
        if (DescriptorRoom.Has(ReservedDescriptors))
            return false;
        if (client >= 0)
            RawDescriptor.Close(client);
        reply.Failed(new Failure(
            ErrorKind.System, 0, stage, $"the container's monitor has no room for more clients: it may open {OpenFileLimit.Soft} files"));
        return true;
    }

    private Container? Existing(PendingReply reply, string stage)
    {
        if (_container is null)
            reply.Failed(NotRunning(stage, execId: null));
        return _container;
    }

    private ProcessStreams? Streams(string? execId) => execId is null
        ? _container?.Streams
        : _execs.TryGetValue(execId, out var exec) ? exec.Streams : null;

    private static Failure NotRunning(string stage, string? execId) =>
        Failures.NotRunning(stage, execId is null ? "the container is not running" : $"exec {execId} is not running");
}
