using System.Collections.Concurrent;

namespace Hafen.Engine;

/// <summary>Owner of the work that outlives the request it began in.</summary>
internal sealed class BackgroundWork
{
    private readonly ConcurrentDictionary<Task, byte> _tasks = new();

    public void Run(Func<Task> work)
    {
        var task = Task.Run(work);
        _tasks[task] = 0;
        task.ContinueWith(static (done, state) => ((BackgroundWork)state!)._tasks.TryRemove(done, out _), this,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Waits for what runs now; failures were dealt with where they happened.</summary>
    public async Task WhenDoneAsync(CancellationToken cancellationToken)
    {
        var all = Task.WhenAll(_tasks.Keys);
        await all.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
