using System.Collections.Concurrent;
using Hafen.Engine.Exec;
using Hafen.Engine.Monitors;
using Hafen.Engine.State;

namespace Hafen.Engine.Containers;

/// <summary>
/// One container and the owner of its changes: who changes it holds <see cref="EnterAsync"/>. Readers take the immutable
/// <see cref="Record"/> and <see cref="State"/> as they stand.
/// </summary>
internal sealed class Container
{
    private readonly AsyncGate _gate = new();
    private readonly Lock _lock = new();
    private volatile ContainerRecord _record;
    private volatile ContainerState _state;
    private volatile bool _removed;
    private int _restarts;

    /// <summary>Behind <see cref="RestartWait"/>, for an exchange without a lock.</summary>
    internal CancellationTokenSource? RestartWaitField;

    public Container(ContainerRecord record, ContainerState state, string folder)
    {
        _record = record;
        _state = state;
        Folder = folder;
    }

    public string Id => _record.Id;

    /// <summary>Folder of its files, also the runtime's bundle.</summary>
    public string Folder { get; }

    public ContainerRecord Record
    {
        get => _record;
        set => _record = value;
    }

    public ContainerState State => _state;

    public ContainerStatus Status => _state.Status;

    /// <summary>Docker's notion: running, paused or waiting for its restart.</summary>
    public bool IsRunning => Transitions.IsRunning(_state.Status);

    /// <summary>It is gone; whoever waited for the gate finds this set.</summary>
    public bool IsRemoved => _removed;

    /// <summary>A removal has been asked for and not failed yet.</summary>
    public bool RemovalInProgress { get; set; }

    /// <summary>The daemon's end of its monitor while it runs.</summary>
    public IMonitor? Monitor { get; set; }

    /// <summary>How its process ended, seen without its monitor, which could not tell.</summary>
    public Hafen.Monitor.Protocol.MonitorExited? SeenEnd { get; set; }

    /// <summary>The current run has run out of memory, and those who listen to events know.</summary>
    public bool OomTold { get; set; }

    /// <summary>The monitor of a start that is under way: who holds the gate then may be waited for by somebody who cannot wait.</summary>
    public IMonitor? Starting { get; set; }

    /// <summary>The task that waits for its end, completed when the end has been dealt with.</summary>
    public Task Watch { get; set; } = Task.CompletedTask;

    public ContainerWaiters Waiters { get; } = new();

    public ContainerAttachments Attachments { get; } = new();

    /// <summary>Its execs by ID, ended ones included until the container ends.</summary>
    public ConcurrentDictionary<string, ExecSession> Execs { get; } = new(StringComparer.Ordinal);

    /// <summary>The delay before the latest restart by the policy.</summary>
    public TimeSpan RestartDelay { get; set; }

    /// <summary>Calls off the restart that is waited for.</summary>
    public CancellationTokenSource? RestartWait
    {
        get => RestartWaitField;
        set => RestartWaitField = value;
    }

    /// <summary>People have asked for a restart: its end must not remove it (<c>--rm</c>) nor count for the policy.</summary>
    public bool RestartedByHand => Volatile.Read(ref _restarts) > 0;

    /// <summary>A monitor launched when the container was made, for the start that usually follows at once.</summary>
    public EarlyMonitor? Early { get; set; }

    /// <summary>Ends its health checks.</summary>
    public CancellationTokenSource? HealthStop { get; set; }

    /// <summary>Its end could not be written down, so the monitor's exit file is kept for the next daemon.</summary>
    public bool ExitFileKept { get; set; }

    /// <summary>Its volumes are mounted.</summary>
    public bool VolumesMounted { get; set; }

    /// <summary>Waits for the right to change the container; dispose the result to give it back.</summary>
    public ValueTask<AsyncGate.Ownership> EnterAsync(CancellationToken cancellationToken) => _gate.EnterAsync(cancellationToken);

    /// <summary>Calls off the restart by the policy that is waited for, if any.</summary>
    public void CallOffRestart()
    {
        try
        {
            RestartWait?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It is over at this moment.
        }
    }

    /// <summary>A restart by hand begins.</summary>
    public void BeginRestart() => Interlocked.Increment(ref _restarts);

    /// <summary>Its first half is over, in one way or another.</summary>
    public void EndRestart() => Interlocked.Decrement(ref _restarts);

    /// <summary>Changes the state without a transition, for example the pid or a remembered stop.</summary>
    public ContainerState Amend(Func<ContainerState, ContainerState> change)
    {
        lock (_lock) return _state = change(_state);
    }

    /// <summary>Makes a transition; <paramref name="change"/> gets the state with the new status.</summary>
    /// <exception cref="InvalidOperationException">The state machine has no such transition.</exception>
    public ContainerState Transit(ContainerChange what, Func<ContainerState, ContainerState> change)
    {
        lock (_lock) return _state = Changed(what, change);
    }

    /// <summary>The state after a transition that is about to be made.</summary>
    /// <exception cref="InvalidOperationException">The state machine has no such transition.</exception>
    public ContainerState After(ContainerChange what, Func<ContainerState, ContainerState> change)
    {
        lock (_lock) return Changed(what, change);
    }

    /// <summary>Makes a transition that ends a run, in one step with the choice of those who are told of it.</summary>
    /// <exception cref="InvalidOperationException">The state machine has no such transition.</exception>
    public (ContainerState State, ContainerWaiters.EndOfRun Waiting) EndRun(ContainerChange what, Func<ContainerState, ContainerState> change)
    {
        lock (_lock) return (Transit(what, change), Waiters.TakeExit());
    }

    /// <summary>Waits for the end of the current run, the next end or the removal.</summary>
    public Task<WaitResult> WaitAsync(WaitCondition condition, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_removed) return Task.FromResult(new WaitResult(_state.ExitCode, null));
            if (condition == WaitCondition.NotRunning && !IsRunning) return Task.FromResult(new WaitResult(_state.ExitCode, _state.Error));
            return Waiters.Register(condition, cancellationToken);
        }
    }

    /// <summary>Completes with the end of the run that goes on now; null when there is none.</summary>
    public Task? RunEnd(CancellationToken cancellationToken)
    {
        lock (_lock) return Transitions.HasProcess(_state.Status) ? Waiters.Register(WaitCondition.NextExit, cancellationToken) : null;
    }

    /// <summary>The container is gone for good.</summary>
    public void MarkRemoved()
    {
        lock (_lock) _removed = true;
        Waiters.Removed(new WaitResult(_state.ExitCode, null));
    }

    private ContainerState Changed(ContainerChange what, Func<ContainerState, ContainerState> change)
    {
        var next = Transitions.Next(_state.Status, what)
            ?? throw new InvalidOperationException($"container {Id} cannot change by {what} from {_state.Status}");
        return change(_state with { Status = next });
    }
}
