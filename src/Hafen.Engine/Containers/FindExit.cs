using Hafen.Engine.Monitors;
using Hafen.Monitor.Protocol;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Containers;

/// <summary>Finds out how a container ended whose monitor is gone without a word.</summary>
internal sealed class FindExit(IMonitors monitors, ContainerCgroups cgroups, ILogger log)
{
    private const int UnknownExitCode = 255, KilledExitCode = 137;

    /// <param name="container">Whose end it is.</param>
    /// <param name="run">The run that has ended; null when this daemon has never found it.</param>
    /// <returns>What the monitor left behind; when it left nothing, the container cannot be held without it and is ended.</returns>
    public MonitorExited Run(Container container, ContainerRun? run)
    {
        if (monitors.ReadExit(container.Id) is { } recorded)
            return recorded;
        var seen = run?.SeenEnd;
        if (seen is null)
            EngineLog.MonitorLost(log, container.Id, monitors.ReadFailure(container.Id) ?? "it was killed");
        bool killed = cgroups.Destroy(container);
        return seen ?? new MonitorExited { ExitCode = killed ? KilledExitCode : UnknownExitCode, OomKilled = false, FinishedAt = DateTimeOffset.UtcNow };
    }
}
