using System.Runtime.CompilerServices;
using Hafen.Engine.Monitors;
using Hafen.Engine.State;

namespace Hafen.Engine.Containers;

/// <summary>
/// One container and the owner of its changes: who changes it holds <see cref="EnterAsync"/>, and what needs the gate refuses to work without. Readers take the
/// immutable <see cref="Record"/> and <see cref="State"/> as they stand.
/// </summary>
internal sealed class Container
{
    private readonly AsyncGate _gate = new();
    private readonly Lock _lock = new();
    private volatile ContainerRecord _record;
    private volatile ContainerState _state;
    private volatile bool _removed;
    private CancellationTokenSource? _restartWait;
    private int _restarts;

    public Container(ContainerRecord record, ContainerState state, string folder)
    {
        _record = record;
        _state = state;
        Folder = folder;
    }

    public string Id => _record.Id;

    /// <summary>Folder of its files, also the runtime's bundle.</summary>
    public string Folder { get; }

    public ContainerRecord Record => _record;

    public ContainerState State => _state;

    public ContainerStatus Status => _state.Status;

    /// <summary>Docker's notion: running, paused or waiting for its restart.</summary>
    public bool IsRunning => Transitions.IsRunning(_state.Status);

    /// <summary>It is gone; whoever waited for the gate finds this set.</summary>
    public bool IsRemoved => _removed;

    /// <summary>A removal has been asked for and not failed yet.</summary>
    public bool RemovalInProgress { get; private set; }

    public ContainerWaiters Waiters { get; } = new();

    public ContainerAttachments Attachments { get; } = new();

    /// <summary>A monitor launched when the container was made, for the start that usually follows at once.</summary>
    public EarlyMonitor? Early { get; private set; }

    /// <summary>The monitor of a start that is under way: who holds the gate then may be waited for by somebody who cannot wait.</summary>
    public IMonitor? Starting { get; private set; }

    /// <summary>The run that goes on; null when there is none, or when an earlier daemon has begun it and it has not been found yet.</summary>
    public ContainerRun? Run { get; private set; }

    /// <summary>The daemon's end of its monitor while it runs.</summary>
    public IMonitor? Monitor => Run?.Monitor;

    /// <summary>The task that waits for the end of the latest run, completed when the end has been dealt with.</summary>
    public Task Watch { get; private set; } = Task.CompletedTask;

    /// <summary>The end of its latest run could not be written down, so the monitor's exit file is kept for the next daemon.</summary>
    public bool ExitFileKept { get; private set; }

    /// <summary>The delay before the latest restart by the policy.</summary>
    public TimeSpan RestartDelay { get; private set; }

    /// <summary>People have asked for a restart: its end must not remove it (<c>--rm</c>) nor count for the policy.</summary>
    public bool RestartedByHand => Volatile.Read(ref _restarts) > 0;

    private bool HoldsVolumes { get; set; }

    /// <summary>Waits for the right to change the container; dispose the result to give it back.</summary>
    public ValueTask<AsyncGate.Ownership> EnterAsync(CancellationToken cancellationToken) => _gate.EnterAsync(cancellationToken);

    /// <summary>
    /// Waits for a start that is under way: its process may be at work before the start is over, and whoever has seen it at work may count on a container that runs.
    /// </summary>
    public async ValueTask SettleAsync(CancellationToken cancellationToken)
    {
        if (Starting is not null)
            (await EnterAsync(cancellationToken)).Dispose();
    }

    /// <summary>Changes what it is; to be written down by the caller.</summary>
    public void Change(ContainerRecord next)
    {
        RequireGate();
        _record = next;
    }

    /// <summary>Changes the state without a transition, for example the pid or a remembered stop. This alone needs no gate.</summary>
    public ContainerState Amend(Func<ContainerState, ContainerState> change)
    {
        lock (_lock)
            return _state = change(_state);
    }

    /// <summary>Makes a transition; <paramref name="change"/> gets the state with the new status.</summary>
    /// <exception cref="InvalidOperationException">The state machine has no such transition.</exception>
    public ContainerState Transit(ContainerChange what, Func<ContainerState, ContainerState> change)
    {
        RequireGate();
        lock (_lock)
            return _state = Changed(what, change);
    }

    /// <summary>The state after a transition that is about to be made.</summary>
    /// <exception cref="InvalidOperationException">The state machine has no such transition.</exception>
    public ContainerState After(ContainerChange what, Func<ContainerState, ContainerState> change)
    {
        lock (_lock)
            return Changed(what, change);
    }

    /// <summary>A monitor is launched for the start that is expected.</summary>
    public void Expect(EarlyMonitor early)
    {
        RequireGate();
        Early = early;
    }

    /// <summary>The monitor that was launched for this start; null when there was none, or an earlier start has had it.</summary>
    public EarlyMonitor? TakeEarly()
    {
        RequireGate();
        var early = Early;
        Early = null;
        return early;
    }

    /// <summary>The start has got its monitor.</summary>
    public void BeginStart(IMonitor monitor)
    {
        RequireGate();
        Starting = monitor;
    }

    /// <summary>The start is over, in one way or another.</summary>
    public void EndStart()
    {
        RequireGate();
        Starting = null;
    }

    /// <summary>It runs.</summary>
    /// <param name="run">From here on.</param>
    /// <param name="change">What else is true of it now.</param>
    public void BeginRun(ContainerRun run, Func<ContainerState, ContainerState> change)
    {
        RequireGate();
        Run = run;
        Transit(ContainerChange.Started, change);
    }

    /// <summary>The start has failed, however far it had come: whoever listens to its monitor has nothing to deal with any more.</summary>
    public void GiveUpRun()
    {
        RequireGate();
        var run = Run;
        Run = null;
        Starting = null;
        run?.EndHealthChecks();
    }

    /// <summary>It has run for some time: an earlier daemon has started it.</summary>
    public void Adopt(ContainerRun run)
    {
        RequireGate();
        Run = run;
        Attachments.BeginLive(run.Monitor);
    }

    /// <param name="watch">Completes when the end of the run that goes on now has been dealt with.</param>
    public void WatchedBy(Task watch)
    {
        RequireGate();
        Watch = watch;
    }

    /// <summary>It begins to hold volumes.</summary>
    public void BeginVolumes()
    {
        RequireGate();
        HoldsVolumes = true;
    }

    /// <summary>It holds none any more.</summary>
    /// <returns>Whether it did.</returns>
    public bool EndVolumes()
    {
        RequireGate();
        bool held = HoldsVolumes;
        HoldsVolumes = false;
        return held;
    }

    /// <summary>Ends a run, or the wait for one, in one step with the choice of those who are told of it.</summary>
    /// <returns>What it is now, whom to tell, and the run that is over; null when there was none.</returns>
    /// <exception cref="InvalidOperationException">The state machine has no such transition.</exception>
    public (ContainerState State, ContainerWaiters.EndOfRun Waiting, ContainerRun? Run) EndRun(ContainerChange what, Func<ContainerState, ContainerState> change)
    {
        RequireGate();
        var run = Run;
        Run = null;
        Attachments.EndLive();
        lock (_lock)
            return (Transit(what, change), Waiters.TakeExit(), run);
    }

    /// <param name="written">Whether the end of the run is on the disk.</param>
    public void NoteEndWritten(bool written)
    {
        RequireGate();
        ExitFileKept = !written;
    }

    /// <summary>A person starts it: the restart policy begins anew.</summary>
    public void ForgetRestarts()
    {
        RequireGate();
        CallOffRestart();
        RestartDelay = TimeSpan.Zero;
        Amend(static s => s with { RestartCount = 0, StoppedByHand = false });
    }

    /// <summary>The policy will start it again.</summary>
    /// <param name="delay">How long that is waited for.</param>
    /// <param name="wait">Calls the restart off; disposed by who waits.</param>
    public void BeginRestartWait(TimeSpan delay, CancellationTokenSource wait)
    {
        RequireGate();
        RestartDelay = delay;
        Volatile.Write(ref _restartWait, wait);
    }

    /// <summary>Nobody waits for that restart any more. Not under the gate: the next one may have been decided on meanwhile.</summary>
    public void EndRestartWait(CancellationTokenSource wait) => Interlocked.CompareExchange(ref _restartWait, null, wait);

    /// <summary>Calls off the restart by the policy that is waited for, if any.</summary>
    public void CallOffRestart()
    {
        try
        {
            Volatile.Read(ref _restartWait)?.Cancel();
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

    /// <summary>Its removal begins.</summary>
    /// <param name="withVolumes">It takes its anonymous volumes with it.</param>
    /// <exception cref="InvalidOperationException">It runs.</exception>
    public void BeginRemoval(bool withVolumes)
    {
        Transit(ContainerChange.RemovalBegun, s => s with { RemovesVolumes = withVolumes });
        RemovalInProgress = true;
    }

    /// <summary>It could not be removed as a whole: only another removal is possible.</summary>
    public void FailRemoval(string message)
    {
        Transit(ContainerChange.RemovalFailed, s => s with { Error = message });
        RemovalInProgress = false;
    }

    /// <summary>The container is gone for good.</summary>
    public void MarkRemoved()
    {
        RequireGate();
        lock (_lock)
            _removed = true;
        Waiters.Removed(new WaitResult(_state.ExitCode, null));
    }

    /// <summary>Waits for the end of the current run, the next end or the removal.</summary>
    public Task<WaitResult> WaitAsync(WaitCondition condition, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_removed)
                return Task.FromResult(new WaitResult(_state.ExitCode, null));
            if (condition == WaitCondition.NotRunning && !IsRunning)
                return Task.FromResult(new WaitResult(_state.ExitCode, _state.Error));
            return Waiters.Register(condition, cancellationToken);
        }
    }

    /// <summary>Completes with the end of the run that goes on now; null when there is none.</summary>
    public Task? RunEnd(CancellationToken cancellationToken)
    {
        lock (_lock)
            return Transitions.HasProcess(_state.Status) ? Waiters.Register(WaitCondition.NextExit, cancellationToken) : null;
    }

    private void RequireGate([CallerMemberName] string what = "")
    {
        if (!_gate.IsHeld)
            throw new InvalidOperationException($"container {Id}: {what} without its gate");
    }

    private ContainerState Changed(ContainerChange what, Func<ContainerState, ContainerState> change)
    {
        var next = Transitions.Next(_state.Status, what)
            ?? throw new InvalidOperationException($"container {Id} cannot change by {what} from {_state.Status}");
        return change(_state with { Status = next });
    }
}
