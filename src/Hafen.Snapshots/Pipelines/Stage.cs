namespace Hafen.Snapshots.Pipelines;

/// <summary>
/// A stage of a pipeline on a thread of its own: it blocks on queues and on the disk, for as long as a client likes that does not read, and the pool's
/// threads must not. There are as many of those as processors, and everybody waits for them.
/// </summary>
internal static class Stage
{
    /// <summary>Runs to the end of <paramref name="action"/>.</summary>
    public static Task Run(Action action, string name)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            try
            {
                action();
                done.SetResult();
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        })
        {
            IsBackground = true,
            Name = name,
        };
        thread.Start();
        return done.Task;
    }
}
