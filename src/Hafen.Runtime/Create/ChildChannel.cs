using System.Runtime.InteropServices;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;
using Hafen.Linux.Sockets;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Init;

namespace Hafen.Runtime.Create;

/// <summary>The parent's end of the socket pair between an owner and the child that becomes the container's process.</summary>
internal sealed class ChildChannel : IDisposable
{
    private readonly Descriptor _socket;
    private readonly IReadOnlyList<PlannedStep> _plan;
    private readonly Action? _hooks;
    private StepResult? _end;
    private bool _entered;
    private bool _executing;
    private bool _readyEarly;
    private int _sent = -1;
    private int _descended = -1;

    /// <param name="socket">Owned from now on.</param>
    /// <param name="plan">The child's plan, for naming the step that failed.</param>
    /// <param name="hooks">Runs the hooks that belong between the mounts and the change of root; throws <see cref="RuntimeException"/>.</param>
    public ChildChannel(Descriptor socket, IReadOnlyList<PlannedStep> plan, Action? hooks)
    {
        _socket = socket;
        _plan = plan;
        _hooks = hooks;
    }

    public int Number => _socket.Number;

    /// <summary>News since the last call. The last answer, Started or Failed, is given again to whoever asks again.</summary>
    public StepResult Poll()
    {
        if (TakeEarly() is { } early)
            return early;
        while (_end is null)
        {
            if (Receive(wait: false, out var message) is { } result)
                return result;
            if (Advance(message) is { } step)
                return step;
        }

        return _end.Value;
    }

    public void Start()
    {
        if (Send(ParentSignal.Start) < 0)
            throw new RuntimeException(ErrorKind.NotRunning, "start", "the container's init has ended");
    }

    /// <summary>Lets a child go on that waits for the parent to have done its part.</summary>
    /// <returns>Zero or more, or a negative errno.</returns>
    public int Send(byte signal) => PacketSocket.Send(Number, [signal], []);

    /// <summary>Blocks until the child is there.</summary>
    /// <exception cref="RuntimeException">A step failed.</exception>
    public void WaitFor(StepKind kind)
    {
        bool ready = false;
        while (true)
        {
            var result = TakeEarly() ?? _end ?? WaitForNews();
            if (result.Kind == StepKind.Failed)
                throw new RuntimeException(result.Failure!);
            if (result.Kind == kind)
            {
                _readyEarly = ready;
                return;
            }

            // The clone can be as far as that before the process that made it has told of it.
            ready |= result.Kind == StepKind.Ready && kind == StepKind.Entered;
            if (result.Kind == StepKind.Started)
                throw new InvalidOperationException($"the process has been started already; there is no {kind} to wait for");
        }
    }

    /// <summary>Blocks until the child has cloned itself once more; hooks that are due before are run.</summary>
    /// <returns>A pidfd of the new process.</returns>
    /// <exception cref="RuntimeException">A step before failed.</exception>
    public Descriptor WaitDescended()
    {
        WaitFor(StepKind.Entered);
        return TakeDescended() ?? throw new RuntimeException(ErrorKind.System, "clone", "the child's clone came without its descriptor");
    }

    /// <summary>The pidfd of the process that goes on in place of the first, when there is one.</summary>
    public Descriptor? TakeDescended()
    {
        int descended = _descended;
        _descended = -1;
        return descended >= 0 ? new Descriptor(descended) : null;
    }

    /// <summary>What the child has sent, its terminal or a file system's context; -1 when there is nothing (any more).</summary>
    public int TakeSent()
    {
        int sent = _sent;
        _sent = -1;
        return sent;
    }

    public void Dispose()
    {
        _socket.Dispose();
        if (_sent >= 0)
            SystemCall.Call(SystemCall.close, TakeSent());
        TakeDescended()?.Dispose();
    }

    private StepResult? TakeEarly()
    {
        if (!_readyEarly)
            return null;
        _readyEarly = false;
        return StepResult.Ready;
    }

    private StepResult WaitForNews()
    {
        while (true)
        {
            if (Receive(wait: true, out var message) is { } result)
                return result;
            if (Advance(message) is { } step)
                return step;
        }
    }

    /// <summary>Receives one message; an answer means that there was none.</summary>
    private StepResult? Receive(bool wait, out ChildMessage message)
    {
        message = default;
        Span<int> descriptors = stackalloc int[PacketSocket.MaximumDescriptors];
        var buffer = MemoryMarshal.AsBytes(new Span<ChildMessage>(ref message));
        int length = PacketSocket.Receive(Number, buffer, descriptors, out int count, wait);
        bool whole = length == buffer.Length;
        for (int i = 0; i < count; i++)
        {
            // One descriptor a message, and one of a kind: the child may be in others' hands by now.
            if (whole && i == 0 && message.Kind is ChildMessageKind.Terminal or ChildMessageKind.FileSystem && _sent < 0)
                _sent = descriptors[i];
            else if (whole && i == 0 && message.Kind == ChildMessageKind.Descended && !_entered)
                _descended = descriptors[i];
            else
                SystemCall.Call(SystemCall.close, descriptors[i]);
        }

        if (whole)
            return null;
        if (length == -Errno.EAGAIN)
            return StepResult.Pending;
        // The channel closes at execve; without the announcement the child has been killed.
        _end = length == 0 && _executing
            ? StepResult.Started
            : new StepResult(StepKind.Failed, new Failure(ErrorKind.System, length < 0 ? -length : 0, "init",
                "container init ended before it could execute the process (killed, or out of memory)"));
        return _end;
    }

    private StepResult? Advance(in ChildMessage message)
    {
        switch (message.Kind)
        {
            case ChildMessageKind.Descended when !_entered:
                _entered = true;
                return StepResult.Entered;
            case ChildMessageKind.Ready or ChildMessageKind.FileSystem:
                return StepResult.Ready;
            case ChildMessageKind.Executing:
                _executing = true;
                return null;
            case ChildMessageKind.Hooks:
                return RunHooks();
            case ChildMessageKind.Failed:
                _end = new StepResult(StepKind.Failed, ChildFailure.Describe(_plan, message));
                return _end;
            default:
                return null;
        }
    }

    private StepResult? RunHooks()
    {
        try
        {
            _hooks?.Invoke();
            Send(ParentSignal.HooksDone);
            return null;
        }
        catch (RuntimeException exception)
        {
            // The child sees the end of the channel where it waited for a byte, and ends.
            _end = new StepResult(StepKind.Failed, exception.Failure);
            _ = SystemCall.Call(SystemCall.shutdown, Number, 2);
            return _end;
        }
    }
}
