using Hafen.Engine.Monitors;

namespace Hafen.Engine.Containers.Start;

/// <summary>A start's monitor process: the one that was launched with the container, or a new one.</summary>
internal sealed class LaunchMonitor(IMonitors monitors, ContainerCgroups cgroups)
{
    /// <param name="container">The caller holds its gate.</param>
    public Task<IMonitor> Begin(Container container)
    {
        var early = container.TakeEarly();
        return Task.Run(() => LaunchAsync(container.Id, early));
    }

    /// <summary>Ends the monitor of a start that has failed, launched or not, with whatever it has made.</summary>
    public async Task EndAsync(Container container, Task<IMonitor> launch)
    {
        await ((Task)launch).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (launch.IsCompletedSuccessfully && !await AbandonedMonitor.EndAsync(launch.Result))
            cgroups.Destroy(container);
        monitors.RemoveState(container.Id);
    }

    private async Task<IMonitor> LaunchAsync(string id, EarlyMonitor? early)
    {
        if (early is not null && await early.TakeAsync() is { } monitor)
            return monitor;
        return await monitors.LaunchAsync(id, CancellationToken.None);
    }
}
