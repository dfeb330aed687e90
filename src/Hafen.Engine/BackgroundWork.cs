using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine;

/// <summary>Owner of the work that outlives the request it began in.</summary>
internal sealed class BackgroundWork(ILogger log)
{
    private readonly ConcurrentDictionary<Task, byte> _tasks = new();

    /// <summary>Begins work that deals with the failures it expects; one it did not expect is logged, for nobody else would hear of it.</summary>
    /// <returns>Completes with the work, whatever becomes of it.</returns>
    public Task Run(Func<Task> work, [CallerMemberName] string name = "")
    {
        var task = Task.Run(async () =>
        {
            try
            {
                await work();
            }
            catch (Exception exception)
            {
                EngineLog.BackgroundWorkFailed(log, exception, name);
            }
        });
        _tasks[task] = 0;
        task.ContinueWith(static (done, state) => ((BackgroundWork)state!)._tasks.TryRemove(done, out _), this,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;
    }

    /// <summary>Waits for what runs now.</summary>
    public async Task WhenDoneAsync(CancellationToken cancellationToken)
    {
        var all = Task.WhenAll(_tasks.Keys);
        await all.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
