namespace Hafen.Volumes.Local;

/// <summary>
/// Calls of the kernel that may not come back: whoever looks at a folder whose server is gone waits in the kernel until it is there again, and no signal or token ends that. Such a call
/// gets a thread of its own, so that it takes none from the pool that everybody else works on.
/// </summary>
internal static class BlockingCall
{
    public static Task<T> RunAsync<T>(Func<T> call)
        => Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    /// <inheritdoc cref="RunAsync{T}(Func{T})"/>
    public static Task RunAsync(Action call)
        => Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
