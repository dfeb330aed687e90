using Hafen.Linux.FileSystem;
using Hafen.Runtime.Init;

namespace Hafen.Runtime.Create;

/// <summary>
/// A container whose namespaces exist; its init is preparing the root, or waits for <see cref="Start"/>, or runs. The owner is the parent of init:
/// it polls <see cref="SyncDescriptor"/> and <see cref="PidDescriptor"/>, and reaps <see cref="Pid"/>. Disposing closes descriptors and nothing else.
/// </summary>
public sealed class CreatedContainer : IDisposable
{
    private readonly Descriptor _pid;
    private readonly ChildChannel _channel;

    internal CreatedContainer(int pid, Descriptor pidDescriptor, ChildChannel channel, string cgroupPath, IReadOnlyList<string> warnings)
    {
        CgroupPath = cgroupPath;
        Warnings = warnings;
        Pid = pid;
        _pid = pidDescriptor;
        _channel = channel;
    }

    /// <summary>Init's pid in the caller's pid namespace.</summary>
    public int Pid { get; }

    /// <summary>Path of its cgroup below each hierarchy (<see cref="Linux.Cgroups.Cgroup.Open"/>); the owner destroys it when init has been reaped.</summary>
    public string CgroupPath { get; }

    /// <summary>What could not be granted without being a reason to fail.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Readable when init has ended.</summary>
    public int PidDescriptor => _pid.Number;

    /// <summary>Readable when <see cref="Poll"/> has news. Of no further use after Started or Failed.</summary>
    public int SyncDescriptor => _channel.Number;

    /// <summary>Looks for news without blocking.</summary>
    public StepResult Poll() => _channel.Poll();

    /// <summary>Releases init to execute the container's process. To be called once, after Ready.</summary>
    /// <exception cref="Errors.RuntimeException">NotRunning: init has ended.</exception>
    public void Start() => _channel.Start();

    /// <summary>
    /// With a FIFO for the start, after Ready: the container is recorded where others find it, and waits for its start without this process from here on.
    /// Until then it ends with this process.
    /// </summary>
    public void Detach() => _channel.Send(ParentSignal.Known);

    /// <summary>Blocks until init is ready.</summary>
    /// <exception cref="Errors.RuntimeException">A step of init failed.</exception>
    public void WaitReady() => _channel.WaitFor(StepKind.Ready);

    /// <summary>Blocks until execve has succeeded.</summary>
    /// <exception cref="Errors.RuntimeException">A step of init failed.</exception>
    public void WaitStarted() => _channel.WaitFor(StepKind.Started);

    /// <summary>The pty master of a container with a terminal, after Ready; the caller owns it from then on.</summary>
    /// <returns>The descriptor, or -1 when there is none (any more).</returns>
    public int TakeTerminal() => _channel.TakeSent();

    public void Dispose()
    {
        _channel.Dispose();
        _pid.Dispose();
    }
}
