namespace Hafen.Engine.Containers;

/// <summary>Lets one in at a time, in order of arrival; whoever waits holds no thread.</summary>
internal sealed class AsyncGate
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private volatile bool _held;

    /// <summary>Somebody has the right to change what the gate guards.</summary>
    public bool IsHeld => _held;

    /// <summary>Waits for the gate; dispose the result to give it back.</summary>
    public async ValueTask<Ownership> EnterAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource turn;
        LinkedListNode<TaskCompletionSource> place;
        lock (_lock)
        {
            if (!_held)
            {
                _held = true;
                return new Ownership(this);
            }
            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            place = _waiting.AddLast(turn);
        }
        try
        {
            await turn.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            bool granted;
            lock (_lock)
            {
                granted = place.List is null;
                if (!granted)
                    _waiting.Remove(place);
            }
            if (granted)
                Leave();
            throw;
        }
        return new Ownership(this);
    }

    private void Leave()
    {
        TaskCompletionSource? next = null;
        lock (_lock)
        {
            if (_waiting.First is { } first)
            {
                next = first.Value;
                _waiting.RemoveFirst();
            }
            else
            {
                _held = false;
            }
        }
        next?.SetResult();
    }

    /// <summary>The right to change what the gate guards.</summary>
    internal readonly struct Ownership(AsyncGate gate) : IDisposable
    {
        public void Dispose() => gate.Leave();
    }
}
