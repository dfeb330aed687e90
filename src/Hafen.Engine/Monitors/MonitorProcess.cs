using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;

namespace Hafen.Engine.Monitors;

/// <summary>
/// The process of a monitor as the kernel names it: by a descriptor that stays with this process whatever becomes of its pid. The kernel's word that it has
/// ended is the only one that counts.
/// </summary>
internal sealed class MonitorProcess
{
    private const int SIGKILL = 9;

    private readonly Descriptor _descriptor;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private MonitorProcess(int pid, Descriptor descriptor)
    {
        Pid = pid;
        _descriptor = descriptor;
    }

    public int Pid { get; }

    /// <summary>Completes when the process has ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Watches a process until its end.</summary>
    /// <param name="receiver">Waits for the end.</param>
    /// <param name="pid">Its pid.</param>
    /// <param name="descriptor">Its pidfd, owned from here on, also when this fails.</param>
    /// <param name="child">Whether it is this process's to reap; after a restart of the daemon, the host's init does that.</param>
    public static MonitorProcess Watch(MonitorReceiver receiver, int pid, Descriptor descriptor, bool child)
    {
        var process = new MonitorProcess(pid, descriptor);
        int number = descriptor.Number;
        var registered = new ManualResetEventSlim();
        ulong watch = 0;
        try
        {
            watch = receiver.Add(number, () =>
            {
                registered.Wait();
                receiver.Remove(watch, number);
                descriptor.Dispose();
                if (child)
                    Reap(pid);
                process._ended.TrySetResult();
            });
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
        registered.Set();
        return process;
    }

    /// <summary>Ends it (SIGKILL), also when it is stopped; its container's processes are not its concern.</summary>
    public void Kill()
    {
        bool held = false;
        try
        {
            _descriptor.DangerousAddRef(ref held);
            Pidfd.SendSignal((int)_descriptor.DangerousGetHandle(), SIGKILL);
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
        finally
        {
            if (held)
                _descriptor.DangerousRelease();
        }
    }

    private static void Reap(int pid)
    {
        try
        {
            Children.TryWait(pid);
        }
        catch (LinuxException exception) when (exception.Number == Errno.ECHILD)
        {
            // Somebody in this process waits for all children; then there is no zombie either.
        }
    }
}
