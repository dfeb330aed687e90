using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Cgroups;
using Hafen.Linux.Processes;
using Hafen.Logging;
using Hafen.Logging.Writers;
using Hafen.Monitor.Connections;
using Hafen.Monitor.Loop;
using Hafen.Monitor.Protocol;
using Hafen.Monitor.Streams;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Create;
using Hafen.Runtime.Errors;

namespace Hafen.Monitor.Containers;

/// <summary>
/// The monitor's container, from its creation to the exit of init. It reports the end through <see cref="Exited"/> once init's output is in the log and with
/// the clients, and nothing of the container is left in the kernel.
/// </summary>
internal sealed class Container
{
    private const int SIGKILL = 9;
    private static readonly TimeSpan s_deliveryLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_compressionLimit = TimeSpan.FromSeconds(5);

    /// <summary>A start is not to wait for the watch, and a container that ends before it says at its end what became of it.</summary>
    private static readonly TimeSpan s_oomWatchDelay = TimeSpan.FromMilliseconds(200);

    private readonly EventLoop _loop;
    private readonly MonitorCreate _request;
    private readonly string? _cgroupPath;
    private readonly bool _ownPidNamespace;
    private readonly ILogWriter? _log;
    private readonly CreatedContainer _created;
    private readonly Handshake _handshake;
    private readonly List<PendingReply> _starters = [];
    private OomWatcher? _oom;
    private bool _ready;
    private bool _startWanted;
    private bool _reaped;
    private Failure? _failure;

    /// <summary>Makes the container; returns when its namespaces exist.</summary>
    /// <exception cref="RuntimeException">The specification is wrong or the kernel refused; nothing is left behind.</exception>
    public Container(EventLoop loop, Reaper reaper, MonitorCreate request)
    {
        _loop = loop;
        _request = request;
        var spec = ReadSpec(request.Bundle);
        _cgroupPath = spec.Linux?.CgroupsPath;
        _ownPidNamespace = spec.Linux?.Namespaces?.Any(n => n.Type == "pid" && string.IsNullOrEmpty(n.Path)) ?? false;
        _log = OpenLog(request.Log, reaper);
        bool terminal = spec.Process?.Terminal ?? false;
        Streams = new ProcessStreams(loop, new StreamOptions(terminal, request.OpenStdin, request.StdinOnce), _log);
        var ends = terminal ? new ChildEnds(-1, -1, -1) : Streams.OpenPipes();
        try
        {
            _created = CreateContainer.Run(new CreateContainerRequest
            {
                Id = request.Id,
                Bundle = request.Bundle,
                Spec = spec,
                Rootfs = request.Rootfs,
                Stdin = ends.Stdin,
                Stdout = ends.Stdout,
                Stderr = ends.Stderr,
                SeccompProgram = request.SeccompProgram,
            });
        }
        catch
        {
            Streams.Dispose();
            _log?.Dispose();
            throw;
        }
        finally
        {
            ends.Close();
        }
        reaper.Expect(_created.Pid, _created.PidDescriptor, InitEnded);
        _handshake = new Handshake(loop, _created.SyncDescriptor, _created.Poll, Step);
    }

    public MonitorState State { get; private set; } = MonitorState.Created;

    /// <summary>Init's pid on the host.</summary>
    public int Pid => _created.Pid;

    public int PidDescriptor => _created.PidDescriptor;

    public ProcessStreams Streams { get; }

    public long LostLogLines => _log?.LostLines ?? 0;

    /// <summary>What exec needs of the request that made the container.</summary>
    public string? SeccompProgram => _request.SeccompProgram;

    /// <summary>Called when the init of a started container has ended, before its cgroup goes.</summary>
    public required Action Ending { get; init; }

    /// <summary>Called when a running container has run out of memory.</summary>
    public required Action OutOfMemory { get; init; }

    /// <summary>Called once when a started container has ended.</summary>
    public required Action<MonitorExited> Exited { get; init; }

    /// <summary>Called once when the container could not be started and is gone.</summary>
    public required Action Gone { get; init; }

    /// <summary>The container's specification, read again from its bundle: an exec is rare, and keeping it would cost memory for good.</summary>
    public RuntimeSpec ReadSpec() => ReadSpec(_request.Bundle);

    /// <summary>Lets init execute the container's process, as soon as it is ready; answers when it has.</summary>
    public void Start(PendingReply reply)
    {
        if (State != MonitorState.Created || _startWanted)
        {
            reply.Failed(Failures.NotRunning("start", "the container has been started already"));
            return;
        }
        _starters.Add(reply);
        _startWanted = true;
        Release();
        FailWhenGone();
    }

    /// <summary>Sends a signal to init.</summary>
    public bool Signal(int signal) => State != MonitorState.Ended && Pidfd.SendSignal(_created.PidDescriptor, signal);

    /// <summary>Ends a container that nobody will start any more.</summary>
    public void Abandon()
    {
        _failure ??= Failures.NotRunning("start", "the container was abandoned before its start");
        _startWanted = true;
        Kill();
        FailWhenGone();
    }

    /// <summary>Gives unused memory back.</summary>
    public void ReleaseMemory()
    {
        Streams.Release();
        _log?.Release();
    }

    /// <summary>Tries to write log lines that a full disk has held up; false when they still wait.</summary>
    public bool FlushLog() => _log is null || _log.Flush();

    private static RuntimeSpec ReadSpec(string bundle) =>
        RuntimeSpecReader.Read(File.ReadAllBytes(Path.Combine(bundle, "config.json")));

    /// <exception cref="RuntimeException">This release has no such driver: what cannot be logged is not run.</exception>
    private static ILogWriter? OpenLog(LogTarget target, Reaper reaper)
    {
        if (LogDrivers.Find(target.Driver) is not { } driver)
            throw new RuntimeException(new Failure(ErrorKind.NotImplemented, 0, "log", $"the container's monitor does not know log driver \"{target.Driver}\""));
        return driver.OpenWriter(target, new LogHost(reaper));
    }

    private void Step(StepResult step)
    {
        switch (step.Kind)
        {
            case StepKind.Ready:
                _ready = true;
                OpenTerminal();
                Release();
                break;
            case StepKind.Started:
                State = MonitorState.Running;
                foreach (var starter in _starters)
                    starter.Done();
                _starters.Clear();
                _loop.After(s_oomWatchDelay, WatchOom);
                break;
            case StepKind.Failed:
                _failure = step.Failure;
                Kill();
                FailWhenGone();
                break;
        }
    }

    private void OpenTerminal()
    {
        try
        {
            if (Streams.Terminal && _created.TakeTerminal() is >= 0 and var master)
                Streams.OpenTerminal(master);
        }
        catch (LinuxException exception)
        {
            _failure = Failures.From(exception, "terminal");
            Kill();
        }
    }

    private void Release()
    {
        if (!_ready || !_startWanted || _failure is not null)
            return;
        try
        {
            _created.Start();
        }
        catch (RuntimeException exception)
        {
            _failure = exception.Failure;
            Kill();
        }
    }

    private void InitEnded(ChildExit exit)
    {
        _reaped = true;
        _handshake.Advance();
        _handshake.Stop();
        if (State == MonitorState.Running)
        {
            Finish(exit);
            return;
        }
        _failure ??= new Failure(ErrorKind.System, 0, "init",
            exit.Signaled ? $"container init was ended by signal {exit.Status} before its start" : $"container init exited with {exit.Status} before its start");
        FailWhenGone();
    }

    private void WatchOom()
    {
        if (State != MonitorState.Running || _cgroupPath is null)
            return;
        try
        {
            using var cgroup = Cgroup.Open(CgroupHierarchies.Detect(), _cgroupPath);
            if (cgroup.WatchOom() is { } watch)
                _oom = new OomWatcher(_loop, watch, OutOfMemory);
        }
        catch (Exception exception) when (exception is LinuxException or IOException or CgroupException)
        {
            // It is told at the end of the container then.
        }
    }

    private void Finish(ChildExit exit)
    {
        var finishedAt = DateTimeOffset.UtcNow;
        State = MonitorState.Ended;
        // The end of a cgroup wakes the watch, too.
        _oom?.Stop();
        Ending();
        KillRest();
        Streams.Drain(ProcessStreams.DrainLimit, () => FinishLog(() => Streams.AwaitDelivery(s_deliveryLimit, () =>
        {
            bool oomKilled = DestroyCgroup();
            Exited(new MonitorExited { ExitCode = exit.ExitCode, OomKilled = oomKilled, FinishedAt = finishedAt, LostLogLines = LostLogLines });
            _created.Dispose();
        })));
    }

    /// <summary>As in Docker, a container has ended when its rotated logs are compressed; one that takes too long is left as it is.</summary>
    private void FinishLog(Action done)
    {
        if (_log is not { } log)
        {
            done();
            return;
        }
        bool closed = false;
        Deadline? limit = null;
        void Close()
        {
            if (closed)
                return;
            closed = true;
            limit?.Cancel();
            log.Dispose();
            done();
        }
        log.Finish(Close);
        if (!closed)
            limit = _loop.After(s_compressionLimit, Close);
    }

    /// <summary>The end of a container that never ran: answers who wanted to start it, when nothing of it is left.</summary>
    private void FailWhenGone()
    {
        if (_failure is null || !_reaped || !_startWanted || State == MonitorState.Ended)
            return;
        State = MonitorState.Ended;
        KillRest();
        Streams.Dispose();
        _log?.Dispose();
        DestroyCgroup();
        _created.Dispose();
        foreach (var starter in _starters)
            starter.Failed(_failure);
        _starters.Clear();
        Gone();
    }

    private void Kill()
    {
        if (!_reaped)
            Pidfd.SendSignal(_created.PidDescriptor, SIGKILL);
    }

    /// <summary>Where init was not the first of a pid namespace, the kernel leaves its descendants alive.</summary>
    private void KillRest()
    {
        if (_ownPidNamespace || _cgroupPath is null)
            return;
        try
        {
            using var cgroup = Cgroup.Open(CgroupHierarchies.Detect(), _cgroupPath);
            if (cgroup.Exists)
                cgroup.Kill(SIGKILL);
        }
        catch (Exception exception) when (exception is LinuxException or IOException or CgroupException)
        {
            // What cannot be killed keeps the cgroup; the end of the container is reported all the same.
        }
    }

    private bool DestroyCgroup()
    {
        if (_cgroupPath is null)
            return false;
        bool oomKilled = false;
        try
        {
            using var cgroup = Cgroup.Open(CgroupHierarchies.Detect(), _cgroupPath);
            if (!cgroup.Exists)
                return false;
            oomKilled = cgroup.OomKilled();
            cgroup.Destroy();
        }
        catch (Exception exception) when (exception is LinuxException or IOException or CgroupException)
        {
            // A leftover cgroup is the daemon's to reconcile; it must not hide how the container ended.
        }
        return oomKilled;
    }
}
