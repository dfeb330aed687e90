using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;
using Hafen.Runtime.Create;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Init;

namespace Hafen.Runtime.Exec;

/// <summary>
/// A process on its way into a running container. A container with a pid namespace is entered by a second process, which the first makes before it
/// ends: at <see cref="StepKind.Entered"/> pid and descriptor are those of the second, and it goes no further before <see cref="LetIn"/>. The owner is
/// the parent of both and reaps them. Disposing closes descriptors and nothing else.
/// </summary>
public sealed class ExecutedProcess : IDisposable
{
    private readonly Descriptor _first;
    private readonly ChildChannel _channel;
    private Descriptor? _second;

    internal ExecutedProcess(int pid, Descriptor pidDescriptor, ChildChannel channel)
    {
        Pid = pid;
        _first = pidDescriptor;
        _channel = channel;
    }

    /// <summary>The pid in the caller's pid namespace.</summary>
    public int Pid { get; private set; }

    /// <summary>Readable when the process has ended.</summary>
    public int PidDescriptor => (_second ?? _first).Number;

    /// <summary>Readable when <see cref="Poll"/> has news. Of no further use after Started or Failed.</summary>
    public int SyncDescriptor => _channel.Number;

    /// <summary>Looks for news without blocking; an exec never stops at Ready.</summary>
    public StepResult Poll()
    {
        var step = _channel.Poll();
        return step.Kind != StepKind.Entered || TryEnter() ? step : new StepResult(StepKind.Failed, EndedTooEarly);
    }

    /// <summary>Lets the process go on after Entered.</summary>
    public void LetIn() => _channel.Send(ParentSignal.Known);

    /// <summary>Blocks until Entered; the first process has been reaped then, if a second took its place.</summary>
    /// <exception cref="RuntimeException">A step failed; nothing is left to reap.</exception>
    public void WaitEntered()
    {
        int first = Pid;
        try
        {
            _channel.WaitFor(StepKind.Entered);
            if (!TryEnter())
                throw new RuntimeException(EndedTooEarly);
        }
        catch (RuntimeException)
        {
            Children.Wait(first);
            throw;
        }

        if (Pid != first)
            Children.Wait(first);
    }

    /// <summary>Blocks until execve has succeeded.</summary>
    /// <exception cref="RuntimeException">A step failed; nothing is left to reap.</exception>
    public void WaitStarted()
    {
        try
        {
            _channel.WaitFor(StepKind.Started);
        }
        catch (RuntimeException)
        {
            Children.Wait(Pid);
            throw;
        }
    }

    /// <summary>The pty master of a process with a terminal, after Started; the caller owns it from then on.</summary>
    /// <returns>The descriptor, or -1 when there is none (any more).</returns>
    public int TakeTerminal() => _channel.TakeSent();

    public void Dispose()
    {
        _channel.Dispose();
        _first.Dispose();
        _second?.Dispose();
    }

    private static Failure EndedTooEarly =>
        new(ErrorKind.System, 0, "exec", "the process was ended in the container before it could execute its program");

    /// <summary>Others of the container can have killed the second process already, and whoever reaps every child can have reaped it.</summary>
    private bool TryEnter()
    {
        if (_channel.TakeDescended() is not { } second)
            return true;
        try
        {
            Pid = Pidfd.PidOf(second.Number);
            _second = second;
            return true;
        }
        catch (LinuxException)
        {
            second.Dispose();
            return false;
        }
    }
}
