namespace Hafen.Engine.Containers;

/// <summary>What a client of <c>wait</c> waits for.</summary>
public enum WaitCondition
{
    /// <summary>The container does not run; met at once by one that does not.</summary>
    NotRunning,
    /// <summary>Its process ends the next time, also when it has not started yet.</summary>
    NextExit,
    /// <summary>It is removed.</summary>
    Removed,
}

/// <param name="ExitCode">Exit code of the latest run.</param>
/// <param name="Error">Why it could not be started or removed.</param>
public readonly record struct WaitResult(int ExitCode, string? Error);

/// <summary>Those who wait for a container.</summary>
internal sealed class ContainerWaiters
{
    private readonly Lock _lock = new();
    private List<TaskCompletionSource<WaitResult>> _exit = [];
    private List<TaskCompletionSource<WaitResult>> _removal = [];

    public Task<WaitResult> Register(WaitCondition condition, CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource<WaitResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
            (condition == WaitCondition.Removed ? _removal : _exit).Add(waiter);
        if (!cancellationToken.CanBeCanceled)
            return waiter.Task;
        return AwaitAsync(waiter, cancellationToken);
    }

    /// <summary>Those who wait for an end at this moment; who comes later waits for another one. Complete them by <see cref="EndOfRun.Complete"/>.</summary>
    public EndOfRun TakeExit() => new(Take(ref _exit));

    /// <summary>It is gone: nobody needs to wait for anything any more.</summary>
    public void Removed(WaitResult result)
    {
        Complete(Take(ref _exit), result);
        Complete(Take(ref _removal), result);
    }

    /// <summary>It could not be removed.</summary>
    public void RemovalFailed(WaitResult result) => Complete(Take(ref _removal), result);

    /// <summary>Those who waited for the end of one run.</summary>
    internal readonly struct EndOfRun(List<TaskCompletionSource<WaitResult>> waiters)
    {
        public void Complete(WaitResult result) => ContainerWaiters.Complete(waiters, result);
    }

    private async Task<WaitResult> AwaitAsync(TaskCompletionSource<WaitResult> waiter, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource<WaitResult>)state!).TrySetCanceled(token), waiter);
        try
        {
            return await waiter.Task;
        }
        finally
        {
            lock (_lock)
            {
                _exit.Remove(waiter);
                _removal.Remove(waiter);
            }
        }
    }

    private List<TaskCompletionSource<WaitResult>> Take(ref List<TaskCompletionSource<WaitResult>> waiters)
    {
        lock (_lock)
        {
            var all = waiters;
            waiters = [];
            return all;
        }
    }

    private static void Complete(List<TaskCompletionSource<WaitResult>> waiters, WaitResult result)
    {
        foreach (var waiter in waiters)
            waiter.TrySetResult(result);
    }
}
