using Hafen.Api;
using Hafen.Engine.Containers;

namespace Hafen.Engine.Exec;

/// <summary>A further process of a container, from its creation until some time after its end, for clients that ask how it ended.</summary>
internal sealed class ExecSession(string id, Container container, ContainerRun run, ExecCreateRequest request, byte[] detachKeys)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<int> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _discarded;

    public string Id { get; } = id;
    public Container Container { get; } = container;

    /// <summary>The run of the container that it belongs to.</summary>
    public ContainerRun Run { get; } = run;
    public ExecCreateRequest Request { get; } = request;
    public byte[] DetachKeys { get; } = detachKeys;

    public bool Running { get; private set; }
    public int? ExitCode { get; private set; }

    /// <summary>It ran when its container ended.</summary>
    public bool CutOff { get; private set; }

    /// <summary>Completed with the exit code.</summary>
    public Task<int> Ended => _ended.Task;

    /// <summary><see cref="Environment.TickCount64"/> of the end; meaningless before.</summary>
    public long EndedAt { get; private set; }

    /// <summary>Pid on the host, 0 before the start.</summary>
    public int Pid { get; private set; }

    /// <summary>The command line as events show it: the program, a space, and the arguments if any.</summary>
    public string CommandLine => Request.Cmd is [var program, .. var arguments] ? $"{program} {string.Join(' ', arguments)}" : "";

    /// <summary>Marks the start.</summary>
    /// <exception cref="EngineException">It runs already or has run.</exception>
    public void Begin()
    {
        lock (_lock)
        {
            if (ExitCode is not null)
                throw EngineException.Conflict($"exec command {Id} has already run");
            if (Running)
                throw EngineException.Conflict($"exec command {Id} is already running");
            if (_discarded)
                throw EngineException.NotFound($"No such exec instance: {Id}");
            Running = true;
        }
    }

    public void Started(int pid)
    {
        lock (_lock)
        {
            if (ExitCode is null)
                Pid = pid;
        }
    }

    /// <summary>Its container has ended: it ended with it, or will never run.</summary>
    public ExecFate EndWithContainer(int exitCode)
    {
        lock (_lock)
        {
            if (ExitCode is not null)
                return ExecFate.EndedBefore;
            if (!Running)
            {
                _discarded = true;
                return ExecFate.NeverRan;
            }
            CutOff = true;
            End(exitCode);
            return ExecFate.CutOff;
        }
    }

    /// <summary>Marks the end; false when it was marked before.</summary>
    public bool End(int exitCode)
    {
        lock (_lock)
        {
            if (ExitCode is not null)
                return false;
            Running = false;
            EndedAt = Environment.TickCount64;
            ExitCode = exitCode;
            _ended.SetResult(exitCode);
            return true;
        }
    }
}
