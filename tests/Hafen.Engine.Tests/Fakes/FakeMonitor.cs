using System.Runtime.InteropServices;
using System.Threading.Channels;
using Hafen.Engine.Monitors;
using Hafen.Errors;
using Hafen.Monitor.Protocol;
using Hafen.Oci.Runtime;

namespace Hafen.Engine.Tests.Fakes;

/// <summary>A monitor whose container does what the test says.</summary>
internal sealed class FakeMonitor(FakeMonitors owner, string id) : IMonitor
{
    private readonly HashSet<string> _execs = new(StringComparer.Ordinal);
    private readonly Channel<MonitorEvent> _events = Channel.CreateUnbounded<MonitorEvent>();

    /// <summary>Above what the kernel gives out: nothing is ever the child of it.</summary>
    public int Pid => 4_194_305;
    public MonitorHello? Greeting => new() { ContainerId = id, MonitorPid = Pid, InitPid = Environment.ProcessId, State = MonitorState.Running };
    public string? Trouble => Hangs ? "it does not answer" : null;
    public ChannelReader<MonitorEvent> Events => _events.Reader;

    /// <summary>It runs and cannot be talked to.</summary>
    public bool Hangs { get; set; }

    /// <summary>It was killed itself.</summary>
    public bool Killed { get; private set; }

    public MonitorCreate? Created { get; private set; }
    public bool Started { get; private set; }
    public List<MonitorAttach> Attached { get; } = [];
    public List<(bool BeforeStart, MonitorAttach Request)> AttachOrder { get; } = [];
    public List<int> Signals { get; } = [];

    public Task AnswerAsync(CancellationToken cancellationToken) => Answer();

    public void Kill()
    {
        Killed = true;
        Vanish();
    }

    private Task Answer() => Hangs ? throw new MonitorUnreachableException("it does not answer") : Task.CompletedTask;

    public async Task<int> CreateAsync(MonitorCreate request, CancellationToken cancellationToken)
    {
        await Answer();
        Created = request;
        return owner.CreateFailure is { } failure ? throw new MonitorException(failure) : Environment.ProcessId;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (owner.StartGate is { } gate)
            await gate.Task;
        await Answer();
        if (owner.StartFailure is { } failure)
            throw new MonitorException(failure);
        if (Started)
            throw new MonitorException(new Failure(ErrorKind.NotRunning, 0, "start", "the container has been started already"));
        // Killed before its start, it answers when nothing is left.
        if (owner.InitFailure is { } reason)
            throw new MonitorException(reason);
        if (Signals.Contains(9))
            throw new MonitorException(new Failure(ErrorKind.System, 0, "init", "ended by signal 9 before its start"));
        Started = true;
        if (owner.Executed is { } executed)
            executed();
    }

    public async Task AttachAsync(MonitorAttach request, SafeHandle client, CancellationToken cancellationToken)
    {
        await Answer();
        Assert.False(client.IsClosed);
        if (owner.AttachFailure is { } failure)
            throw failure;
        AttachOrder.Add((!Started, request));
    }

    public async Task<int> ExecAsync(MonitorExec request, SpecProcess process, SafeHandle? client, CancellationToken cancellationToken)
    {
        await Answer();
        owner.Execs.Add((request, process));
        if (owner.ExecFailure is { } failure)
            throw new MonitorException(failure);
        _execs.Add(request.ExecId);
        return 4242;
    }

    public Task ResizeAsync(string? execId, int height, int width, CancellationToken cancellationToken) => Answer();

    public async Task SignalAsync(string? execId, int signal, CancellationToken cancellationToken)
    {
        await Answer();
        if (execId is not null)
        {
            if (!_execs.Remove(execId))
                throw new MonitorException(new Failure(ErrorKind.NotRunning, 0, "signal", $"exec {execId} does not run"));
            Publish(new MonitorExecExited { ExecId = execId, ExitCode = 128 + signal });
            return;
        }
        Signals.Add(signal);
        if (Started && (signal == 9 || !owner.IgnoresSignals))
            Exit(128 + signal);
    }

    public void Exit(int code, bool oom = false)
        => Publish(new MonitorExited { ExitCode = code, OomKilled = oom, FinishedAt = DateTimeOffset.UtcNow }, last: true);

    public void Publish(MonitorEvent happened, bool last = false)
    {
        _events.Writer.TryWrite(happened);
        if (last)
            _events.Writer.TryComplete();
    }

    /// <summary>The monitor dies without a word.</summary>
    public void Vanish() => _events.Writer.TryComplete();

    public async ValueTask DisposeAsync()
    {
        lock (owner.Disposed)
            owner.Disposed.Add(id);
        if (owner.DisposeGate is { } gate)
            await gate.Task;
        _events.Writer.TryComplete();
    }
}

internal sealed class FakeMonitors : IMonitors
{
    public Dictionary<string, List<FakeMonitor>> Launched { get; } = [];
    public Dictionary<string, FakeMonitor> Surviving { get; } = [];
    public Dictionary<string, MonitorExited> Exits { get; } = [];
    public List<string> Disposed { get; } = [];
    public List<string> StatesRemoved { get; } = [];
    public List<(MonitorExec Request, SpecProcess Process)> Execs { get; } = [];
    public Failure? CreateFailure { get; set; }
    public Failure? StartFailure { get; set; }
    public Failure? ExecFailure { get; set; }

    /// <summary>Why init has ended by itself before its start.</summary>
    public Failure? InitFailure { get; set; }

    /// <summary>Happens when a container's command runs.</summary>
    public Action? Executed { get; set; }

    public Exception? RemoveStateFailure { get; set; }
    public Exception? AttachFailure { get; set; }
    public bool IgnoresSignals { get; set; }

    /// <summary>Holds up starts, or ends of monitors, until the test lets them go on.</summary>
    public TaskCompletionSource? StartGate { get; set; }
    public TaskCompletionSource? DisposeGate { get; set; }

    /// <summary>Launches and removals of state folders in order.</summary>
    public List<string> Story { get; } = [];

    public FakeMonitor Latest(string id) => Launched[id][^1];

    public Task<IMonitor> LaunchAsync(string containerId, CancellationToken cancellationToken)
    {
        var monitor = new FakeMonitor(this, containerId);
        lock (Launched)
        {
            if (!Launched.TryGetValue(containerId, out var all))
                Launched[containerId] = all = [];
            all.Add(monitor);
            Story.Add("launch");
        }
        return Task.FromResult<IMonitor>(monitor);
    }

    public IMonitor? Find(string containerId) => FindFailures-- > 0 ? throw new Hafen.Linux.LinuxException(24, "pidfd_open") : Surviving.GetValueOrDefault(containerId);

    /// <summary>How often the kernel has no descriptor left to say.</summary>
    public int FindFailures { get; set; }

    public MonitorExited? ReadExit(string containerId)
        => ReadExitFailure is var (id, failure) && id == containerId ? throw failure : Exits.GetValueOrDefault(containerId);

    /// <summary>What reading a container's exit file throws.</summary>
    public (string Id, Exception Failure)? ReadExitFailure { get; set; }

    public string? ReadFailure(string containerId) => null;

    public void RemoveState(string containerId)
    {
        lock (Launched)
        {
            if (RemoveStateFailure is not null)
                throw RemoveStateFailure;
            StatesRemoved.Add(containerId);
            Story.Add("remove");
        }
    }
}
