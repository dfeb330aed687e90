using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Descriptors;
using Hafen.Linux.Events;
using Hafen.Linux.Processes;
using Hafen.Monitor.Connections;
using Hafen.Monitor.Loop;
using Hafen.Monitor.Protocol;
using Hafen.Monitor.Streams;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Create;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Exec;

namespace Hafen.Monitor.Containers;

/// <summary>A further process in the container, from its request until its output has been delivered.</summary>
internal sealed class ContainerExec
{
    private static readonly TimeSpan s_deliveryLimit = TimeSpan.FromSeconds(2);

    private readonly MonitorExec _request;
    private readonly Reaper _reaper;
    private readonly PendingReply _reply;
    private readonly ExecutedProcess _process;
    private readonly Handshake _handshake;
    private readonly int _first;
    private int _client;
    private bool _started;
    private bool _reaped;
    private bool _firstReaped;
    private ChildExit? _end;
    private Failure? _failure;

    /// <summary>Starts the process; the answer follows when execve has succeeded or a step has failed.</summary>
    /// <param name="loop">The monitor's loop.</param>
    /// <param name="reaper">Waits for the process.</param>
    /// <param name="container">The running container.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="processJson">The <see cref="SpecProcess"/>.</param>
    /// <param name="client">The client's socket, owned by the exec when the constructor returns; -1 for none.</param>
    /// <param name="reply">Gets the answer.</param>
    public ContainerExec(
        EventLoop loop, Reaper reaper, Container container, MonitorExec request, byte[] processJson, int client, PendingReply reply)
    {
        _request = request;
        _reply = reply;
        var process = RuntimeSpecReader.ReadProcess(processJson);
        Streams = new ProcessStreams(loop, new StreamOptions(process.Terminal, request.OpenStdin, StdinOnce: true), log: null);

        // A quick process may have written, and even ended, before anybody here learns that it has started: what it wrote waits for the client.
        var ends = process.Terminal ? new ChildEnds(-1, -1, -1) : Streams.OpenPipes(hold: true);
        try
        {
            _process = ExecProcess.Run(new ExecProcessRequest
            {
                ContainerPid = container.Pid,
                ContainerPidDescriptor = container.PidDescriptor,
                Spec = container.ReadSpec(),
                Process = process,
                Stdin = ends.Stdin,
                Stdout = ends.Stdout,
                Stderr = ends.Stderr,
                SeccompProgram = container.SeccompProgram,
            });
        }
        catch
        {
            Streams.Dispose();
            throw;
        }
        finally
        {
            ends.Close();
        }
        _client = client;
        _reaper = reaper;
        _first = _process.Pid;
        reaper.Expect(_first, _process.PidDescriptor, FirstEnded);
        _handshake = new Handshake(loop, _process.SyncDescriptor, _process.Poll, Step);
    }

    public string Id => _request.ExecId;

    public int Pid => _process.Pid;

    /// <summary>Whether the process runs its own program.</summary>
    public bool Running => _started && !_reaped;

    public ProcessStreams Streams { get; }

    /// <summary>Called once when a started process has ended and its output is delivered.</summary>
    public required Action<ContainerExec, int> Exited { get; init; }

    /// <summary>Called once when the process could not be started.</summary>
    public required Action<ContainerExec> Gone { get; init; }

    /// <summary>Sends a signal to the process.</summary>
    public bool Signal(int signal) => Running && Pidfd.SendSignal(_process.PidDescriptor, signal);

    /// <summary>
    /// Ends a process that has not come as far as its own program. One that is not yet in the container's pid namespace does not end with that, and would
    /// hold the cgroup.
    /// </summary>
    public void Abandon()
    {
        if (!_started && !_reaped)
            Pidfd.SendSignal(_process.PidDescriptor, SignalMask.SIGKILL);
    }

    private void Step(StepResult step)
    {
        switch (step.Kind)
        {
            case StepKind.Entered:
                // Whoever made it is about to end, and the process waits until it is known here: nobody's exit is taken for nobody's.
                if (_process.Pid != _first)
                    _reaper.Expect(_process.Pid, _process.PidDescriptor, ProcessEnded);
                _process.LetIn();
                break;
            case StepKind.Started:
                if (!OpenTerminal())
                    break;
                _started = true;
                AttachClient();
                Streams.Read();
                _reply.Done(_process.Pid);
                break;
            case StepKind.Failed:
                Fail(step.Failure!);
                break;
        }
    }

    /// <summary>False when the terminal cannot be taken over: without it the process is of no use, and ends.</summary>
    private bool OpenTerminal()
    {
        try
        {
            if (Streams.Terminal && _process.TakeTerminal() is >= 0 and var master)
                Streams.OpenTerminal(master);
            return true;
        }
        catch (LinuxException exception)
        {
            Fail(Failures.From(exception, "terminal"));
            return false;
        }
    }

    /// <summary>A step that failed here and not in the process (no descriptor was left for what it sent) has not ended that.</summary>
    private void Fail(Failure failure)
    {
        _failure = failure;
        if (!_reaped)
            Pidfd.SendSignal(_process.PidDescriptor, SignalMask.SIGKILL);
        FailWhenGone();
    }

    private void AttachClient()
    {
        if (_client < 0)
            return;
        int client = _client;
        _client = -1;
        try
        {
            Streams.Attach(_request.Attach!, client);
        }
        catch (LinuxException)
        {
            // The process runs; it has lost its client as if that had gone at once.
        }
    }

    private void FirstEnded(ChildExit exit)
    {
        _firstReaped = true;
        _handshake.Advance();
        if (_process.Pid == _first)
            Finish(exit);
        else if (_end is { } end)
            Finish(end);
    }

    private void ProcessEnded(ChildExit exit)
    {
        _handshake.Advance();
        _end = exit;
        // The first holds an end of the channel, too: until it is gone, silence does not tell whether the program has run. And it is watched by its descriptor.
        if (_firstReaped)
            Finish(exit);
    }

    private void Finish(ChildExit exit)
    {
        _handshake.Stop();
        _reaped = true;
        if (_started)
        {
            Streams.Drain(ProcessStreams.DrainLimit, () => Streams.AwaitDelivery(s_deliveryLimit, () =>
            {
                _process.Dispose();
                Exited(this, exit.ExitCode);
            }));
            return;
        }
        _failure ??= new Failure(ErrorKind.System, 0, "exec",
            exit.Signaled ? $"the process was ended by signal {exit.Status} before its start" : $"the process exited with {exit.Status} before its start");
        FailWhenGone();
    }

    private void FailWhenGone()
    {
        if (_failure is null || !_reaped)
            return;
        _process.Dispose();
        Streams.Dispose();

        // Closed without a word: the daemon still holds the client's connection and tells it what happened.
        if (_client >= 0)
            RawDescriptor.Close(_client);
        _client = -1;
        _reply.Failed(_failure);
        Gone(this);
    }
}
