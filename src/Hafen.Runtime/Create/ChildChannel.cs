using System.Runtime.InteropServices;
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
    private bool _executing;
    private int _received = -1;

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
            throw new RuntimeException(RuntimeFailureKind.NotRunning, "start", "the container's init has ended");
    }

    /// <summary>Lets a child go on that waits for the parent to have done its part.</summary>
    /// <returns>Zero or more, or a negative errno.</returns>
    public int Send(byte signal) => PacketSocket.Send(Number, [signal], []);

    /// <summary>Blocks until the child is there.</summary>
    /// <exception cref="RuntimeException">A step failed.</exception>
    public void WaitFor(StepKind kind)
    {
        while (true)
        {
            var result = _end ?? WaitForNews();
            if (result.Kind == StepKind.Failed)
                throw new RuntimeException(result.Failure!);
            if (result.Kind == kind)
                return;
            if (result.Kind == StepKind.Started)
                throw new InvalidOperationException($"the process has been started already; there is no {kind} to wait for");
        }
    }

    /// <summary>Blocks for the message of a child that clones itself once more.</summary>
    /// <returns>A pidfd of the new process.</returns>
    /// <exception cref="RuntimeException">A step before failed.</exception>
    public Descriptor WaitDescended()
    {
        if (Receive(wait: true, out var message) is { } result)
            throw new RuntimeException(result.Failure!);
        if (message.Kind == ChildMessageKind.Descended)
            return new Descriptor(TakeTerminal());
        throw new RuntimeException(Advance(message)?.Failure ?? new RuntimeFailure(RuntimeFailureKind.System, 0, "clone", $"unexpected message {message.Kind}"));
    }

    public int TakeTerminal()
    {
        var terminal = _received;
        _received = -1;
        return terminal;
    }

    public void Dispose()
    {
        _socket.Dispose();
        if (_received >= 0)
            SystemCall.Call(SystemCall.close, TakeTerminal());
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
        var length = PacketSocket.Receive(Number, buffer, descriptors, out var count, wait);
        for (var i = 0; i < count; i++)
        {
            if (i == 0 && _received < 0)
                _received = descriptors[i];
            else
                SystemCall.Call(SystemCall.close, descriptors[i]);
        }

        if (length == buffer.Length)
            return null;
        if (length == -Errno.EAGAIN)
            return StepResult.Pending;
        // The channel closes at execve; without the announcement the child has been killed.
        _end = length == 0 && _executing
            ? StepResult.Started
            : new StepResult(StepKind.Failed, new RuntimeFailure(RuntimeFailureKind.System, length < 0 ? -length : 0, "init",
                "container init ended before it could execute the process (killed, or out of memory)"));
        return _end;
    }

    private StepResult? Advance(in ChildMessage message)
    {
        switch (message.Kind)
        {
            case ChildMessageKind.Ready:
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
        catch (RuntimeException e)
        {
            // The child sees the end of the channel where it waited for a byte, and ends.
            _end = new StepResult(StepKind.Failed, e.Failure);
            _ = SystemCall.Call(SystemCall.shutdown, Number, 2);
            return _end;
        }
    }
}
