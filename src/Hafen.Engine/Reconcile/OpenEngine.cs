using Hafen.Engine.Containers;
using Hafen.Engine.State;
using Hafen.Images;
using Hafen.Volumes;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Reconcile;

/// <summary>
/// Brings together what the disk says, what the monitors say and what the kernel says when the daemon starts. Whatever an earlier daemon left,
/// in whatever state, never keeps this one from starting.
/// </summary>
public sealed class OpenEngine
{
    private readonly ContainerStore _containers;
    private readonly IImageStore _images;
    private readonly EmptyPlaces _places;
    private readonly Leftovers _leftovers;
    private readonly OpenNetworks _networks;
    private readonly IVolumes _volumes;
    private readonly AdoptContainers _adopt;
    private readonly SearchMonitor _search;
    private readonly StrayMonitors _strays;
    private readonly FinishContainer _finish;
    private readonly WatchRun _watch;
    private readonly CountContainers _count;
    private readonly CurrentOptions _options;
    private readonly HostWarnings _warnings;
    private readonly BackgroundWork _background;
    private readonly ILogger _log;

    internal OpenEngine(
        ContainerStore containers,
        IImageStore images,
        EmptyPlaces places,
        Leftovers leftovers,
        OpenNetworks networks,
        IVolumes volumes,
        AdoptContainers adopt,
        SearchMonitor search,
        StrayMonitors strays,
        FinishContainer finish,
        WatchRun watch,
        CountContainers count,
        CurrentOptions options,
        HostWarnings warnings,
        BackgroundWork background,
        ILogger log)
    {
        _containers = containers;
        _images = images;
        _places = places;
        _leftovers = leftovers;
        _networks = networks;
        _volumes = volumes;
        _adopt = adopt;
        _search = search;
        _strays = strays;
        _finish = finish;
        _watch = watch;
        _count = count;
        _options = options;
        _warnings = warnings;
        _background = background;
        _log = log;
    }

    /// <summary>Once, before anybody can ask for anything.</summary>
    /// <exception cref="Hafen.Networking.NetworkException">What the operator set for the networks is wrong.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _places.Note();

        // 1. The disk.
        _containers.Load(out var halfMade);
        foreach (string folder in halfMade)
            _leftovers.Try(folder, () => Directory.Delete(folder, recursive: true));
        foreach (var (id, reason) in _containers.Unreadable)
            EngineLog.ContainerUnreadable(_log, id, reason);
        foreach (string warning in _volumes.Warnings)
            EngineLog.HostWarning(_log, warning);
        await _networks.RunAsync(cancellationToken);
        _warnings.Add(_images.LeftAlone);
        foreach (string warning in _images.LeftAlone)
            EngineLog.HostWarning(_log, warning);

        // 2. The kernel: whose monitors are there, who has ended meanwhile.
        await _adopt.RunAsync(cancellationToken);

        // 3. The networks know who is left.
        await _networks.RestoreAsync(cancellationToken);

        // 4. What belongs to nobody.
        _leftovers.Remove();

        // 5. Listen to those who run; finish what was begun; start what should run.
        var starts = new List<Task>();
        foreach (var container in _containers.All)
        {
            if (container.Run is { } run)
            {
                using var _ = await container.EnterAsync(CancellationToken.None);
                _watch.Begin(container, run);
            }
            else if (Transitions.HasProcess(container.Status))
            {
                _ = _background.Run(() => _search.RunAsync(container), nameof(SearchMonitor));
            }
            else if (_strays.MayBe(container))
            {
                FinishAfterStray(container);
            }
            else if (await _finish.RunAsync(container) is { } start)
            {
                starts.Add(start);
            }
        }

        // 6. Who asks a daemon that has just come up finds what is to run running, as far as that can be waited for.
        await Task.WhenAll(starts).WaitAsync(_options.Value.StartsAtOpenLimit, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var counts = _count.Run();
        EngineLog.Reconciled(_log, counts.Total, counts.Running);
    }

    /// <summary>A monitor that hangs does not hold up the daemon; the container's gate is taken before anybody can ask for anything.</summary>
    private void FinishAfterStray(Container container)
    {
        var entered = container.EnterAsync(CancellationToken.None).AsTask();
        _background.Run(async () =>
        {
            using (await entered)
            {
                if (!await _strays.EndAsync(container))
                    return;
            }
            await _finish.RunAsync(container);
        });
    }
}
