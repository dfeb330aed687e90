using Hafen.Linux.FileSystem;
using Hafen.Runtime.Create;

namespace Hafen.Runtime.Exec;

/// <summary>A process on its way into a running container. The owner is its parent and reaps it. Disposing closes descriptors and nothing else.</summary>
public sealed class ExecutedProcess : IDisposable
{
    private readonly Descriptor _pid;
    private readonly ChildChannel _channel;

    internal ExecutedProcess(int pid, Descriptor pidDescriptor, ChildChannel channel)
    {
        Pid = pid;
        _pid = pidDescriptor;
        _channel = channel;
    }

    /// <summary>The pid in the caller's pid namespace.</summary>
    public int Pid { get; }

    /// <summary>Readable when the process has ended.</summary>
    public int PidDescriptor => _pid.Number;

    /// <summary>Readable when <see cref="Poll"/> has news. Of no further use after Started or Failed.</summary>
    public int SyncDescriptor => _channel.Number;

    /// <summary>Looks for news without blocking; an exec never stops at Ready.</summary>
    public StepResult Poll() => _channel.Poll();

    /// <summary>Blocks until execve has succeeded.</summary>
    /// <exception cref="Errors.RuntimeException">A step failed.</exception>
    public void WaitStarted() => _channel.WaitFor(StepKind.Started);

    /// <summary>The pty master of a process with a terminal, after Started; the caller owns it from then on.</summary>
    /// <returns>The descriptor, or -1 when there is none (any more).</returns>
    public int TakeTerminal() => _channel.TakeTerminal();

    public void Dispose()
    {
        _channel.Dispose();
        _pid.Dispose();
    }
}
