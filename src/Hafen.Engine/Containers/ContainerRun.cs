using System.Collections.Concurrent;
using Hafen.Engine.Exec;
using Hafen.Engine.Monitors;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Containers;

/// <summary>
/// One run of a container, from the moment its process works, or was found to work, to its end: what this daemon knows of it beyond the state that is written down.
/// Made at its start and dropped whole at its end, so that nothing of one run is taken for the next one's.
/// </summary>
internal sealed class ContainerRun(IMonitor monitor)
{
    /// <summary>The daemon's end of its monitor.</summary>
    public IMonitor Monitor => monitor;

    /// <summary>Its execs by ID, until they have ended.</summary>
    public ConcurrentDictionary<string, ExecSession> Execs { get; } = new(StringComparer.Ordinal);

    /// <summary>It has run out of memory, and those who listen to events know.</summary>
    public bool OutOfMemory { get; private set; }

    /// <summary>How its process ended, seen without its monitor, which could not tell; null when nobody has seen it.</summary>
    public MonitorExited? SeenEnd { get; private set; }

    private CancellationTokenSource? HealthChecks { get; set; }

    /// <summary>It has run out of memory; who says so has told those who listen to events.</summary>
    public void NoteOutOfMemory() => OutOfMemory = true;

    /// <summary>Its process has ended, seen without its monitor.</summary>
    public void NoteEnd(MonitorExited? seen) => SeenEnd = seen;

    /// <summary>Its health is checked until it ends.</summary>
    /// <param name="stop">Ends the checks; disposed by who makes them.</param>
    public void BeginHealthChecks(CancellationTokenSource stop) => HealthChecks = stop;

    /// <summary>Ends them. A check that runs dies with its container.</summary>
    public void EndHealthChecks()
    {
        try
        {
            HealthChecks?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // They had ended by themselves.
        }
    }
}
