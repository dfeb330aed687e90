using Hafen.Engine.Containers;
using Hafen.Engine.Monitors;

namespace Hafen.Engine.Reconcile;

/// <summary>
/// Finds out what became of a container that an earlier daemon started: it is taken over or ended. Whether it runs is the kernel's to say: its monitor's process is
/// there or it is not. Whether the monitor can be talked to is found out afterwards, and decides nothing.
/// </summary>
internal sealed class SettleContainer(IMonitors monitors, HostFacts host, TakeOver takeOver, FindExit find, RecordEnd record, ReleaseRun release)
{
    /// <param name="container">It has a process, as far as is written down; the caller holds its gate.</param>
    /// <exception cref="Exception">It cannot be said now. Not knowing is no end.</exception>
    public async Task RunAsync(Container container)
    {
        // After a reboot nothing is believed to run, whatever a pid names now. What a monitor wrote down about the end counts while it still takes leave of clients.
        bool ended = container.State.BootId != host.BootId || monitors.ReadExit(container.Id) is not null;
        if (!ended && monitors.Find(container.Id) is { } monitor)
        {
            await takeOver.RunAsync(container, monitor);
            return;
        }
        record.Run(container, find.Run(container, null), restart: false);
        await release.RunAsync(container, null);
    }
}
