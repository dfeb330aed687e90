using System.Threading.Tasks.Sources;

namespace Hafen.Daemon.Http.Transport;

/// <summary>
/// A latch with one waiter: <see cref="Set"/> lets the present or the next wait through. Continuations run on the thread that sets it,
/// so waiters must not block.
/// </summary>
internal sealed class ReadySignal : IValueTaskSource
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _source;
    private bool _set;
    private bool _waiting;

    /// <summary>Waits for <see cref="Set"/>; a second waiter at the same time is a mistake of the caller.</summary>
    public ValueTask WaitAsync()
    {
        lock (_gate)
        {
            if (_waiting)
                throw new InvalidOperationException("the signal has a waiter already");
            if (_set)
            {
                _set = false;
                return ValueTask.CompletedTask;
            }
            _source.Reset();
            _waiting = true;
            return new ValueTask(this, _source.Version);
        }
    }

    public void Set()
    {
        lock (_gate)
        {
            if (!_waiting)
            {
                _set = true;
                return;
            }
            _waiting = false;
        }
        _source.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _source.OnCompleted(continuation, state, token, flags);
}
