using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Hafen.Linux.Netlink;
using Microsoft.Win32.SafeHandles;

namespace Hafen.Linux.Tests.Netlink;

/// <summary>
/// A network namespace without a name: it goes with its last descriptor, whatever becomes of the test. One plays the host, so that neither
/// bridges nor rules nor sysctls of a test touch the machine; others play containers.
/// </summary>
internal sealed partial class TestNamespace : IDisposable
{
    private const int CLONE_NEWNET = 0x40000000;

    public TestNamespace()
    {
        SafeFileHandle? handle = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            // The thread ends right after, so its foreign namespace does no harm.
            if (unshare(CLONE_NEWNET) != 0)
                failure = new InvalidOperationException($"unshare: errno {Marshal.GetLastPInvokeError()}; these tests need root");
            else
                handle = File.OpenHandle("/proc/thread-self/ns/net");
        });
        thread.Start();
        thread.Join();
        Handle = failure is null ? handle! : throw failure;
    }

    /// <summary>One that is there.</summary>
    /// <param name="path">A file that stands for it.</param>
    public TestNamespace(string path) => Handle = File.OpenHandle(path);

    public SafeFileHandle Handle { get; }

    public T Run<T>(Func<T> work) => NetworkNamespace.Run(Handle, work);

    public void Run(Action work) => NetworkNamespace.Run(Handle, () =>
    {
        work();
        return true;
    });

    /// <summary>Runs work to its end with all that comes after its awaits in the namespace, too: a thread of the pool would do it to the machine.</summary>
    public void RunAsync(Func<Task> work) => Run(() =>
    {
        var former = SynchronizationContext.Current;
        using var turns = new BlockingCollection<(SendOrPostCallback Callback, object? State)>();
        SynchronizationContext.SetSynchronizationContext(new OneThread(turns));
        try
        {
            var task = work();
            task.ContinueWith(_ => turns.CompleteAdding(), TaskScheduler.Default);
            foreach (var (callback, state) in turns.GetConsumingEnumerable())
                callback(state);
            task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(former);
        }
    });

    public NetlinkSocket Socket() => Run(NetlinkSocket.Open);

    public void Dispose() => Handle.Dispose();

    private sealed class OneThread(BlockingCollection<(SendOrPostCallback, object?)> turns) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback callback, object? state) => turns.Add((callback, state));
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);
}
