using Hafen.Engine.Containers;
using Hafen.Engine.Containers.Spec;
using Hafen.Engine.Containers.Start;
using Hafen.Engine.Events;
using Hafen.Engine.Exec;
using Hafen.Engine.Health;
using Hafen.Engine.Monitors;
using Hafen.Engine.Reconcile;
using Hafen.Engine.Restart;
using Hafen.Images;
using Hafen.Linux.Cgroups;
using Hafen.Linux.Seccomp;
using Hafen.Networking;
using Hafen.Snapshots;
using Hafen.Volumes;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine;

/// <summary>
/// The containers' part of the engine put together: each object is made here, once, after those it needs, and handed what it needs. Whoever composes the daemon takes
/// from here what is to be handed on; nobody else knows this class, so that it is no way to reach everything from everywhere.
/// </summary>
public sealed class EngineComposition
{
    public EngineComposition(
        EngineOptions options,
        IImageStore images,
        ISnapshotter snapshots,
        INetworks networks,
        IVolumes volumes,
        IMonitors monitors,
        EventStream stream,
        CgroupHierarchies hierarchies,
        SeccompPrograms programs,
        HostFacts host,
        ILogger log)
    {
        // 1. What changes while the daemon runs, and is shared.
        Options = new CurrentOptions(options);
        Warnings = new HostWarnings();
        Stopping = new Stopping();
        Background = new BackgroundWork(log);
        Store = new ContainerStore(Path.Combine(options.Root, "containers"), log);
        ExecTable = new ExecTable();
        var adoption = new Adoption();

        // 2. Steps that know of no use case.
        Uses = new ContainerUses(Store);
        Count = new CountContainers(Store);
        Places = new EmptyPlaces(hierarchies, Options);
        var events = new ContainerEvents(stream, networks);
        var cgroups = new ContainerCgroups(hierarchies, Options, log);
        var sizes = new ContainerSizes(images, snapshots);
        var volumeUse = new VolumeUse(volumes, log);
        var delete = new DeleteContainer(Store, Uses, snapshots, volumes, monitors, events, stream, log);

        // 3. Execs, and the health checks, which are some.
        Execs = new ExecUseCases
        {
            Create = new CreateExec(Store, ExecTable, events),
            PrepareStart = new PrepareExecStart(ExecTable),
            Start = new StartExec(events, host, Options),
            Inspect = new InspectExec(ExecTable, adoption),
            Resize = new ResizeExec(ExecTable, adoption),
        };
        var execEnd = new ExecEnd(ExecTable, events);
        var probe = new HealthProbe(Execs.Create, ExecTable, Execs.Start, new KillExec(cgroups), Stopping);
        var health = new HealthChecks(probe, events, Stopping, Background, log);

        // 4. The end of a run. It may lead to the next start, which is made below because it leads to an end: this is the one circle, and closed here.
        StartRun? startRun = null;
        var restart = new ScheduleRestart(container => startRun!.RunAsync(container), Stopping, Background, log);
        var findExit = new FindExit(monitors, cgroups, log);
        var recordEnd = new RecordEnd(Store, execEnd, events, log);
        var release = new ReleaseRun(networks, volumeUse, monitors, log);
        var end = new ContainerEnd(recordEnd, release, restart, delete, Stopping);
        var greeting = new AnswerGreeting(ExecTable, execEnd, adoption, Background, log);
        var watch = new WatchRun(health, greeting, execEnd, findExit, end, events, adoption, Stopping, Background, log);

        // 5. Its start.
        var namespaces = new SharedNamespaces(Store);
        var bundle = new PrepareBundle(Store, namespaces, snapshots, networks, programs, new ResolveUser(), host, Options);
        startRun = new StartRun(
            new LaunchMonitor(monitors, cgroups), namespaces, new NetworkSetup(networks, Options), volumeUse, bundle, snapshots, Store, events, watch,
            new FailStart(Store, delete), host, log);

        // 6. Signals.
        var withoutMonitor = new WithoutMonitor(cgroups, log);
        var send = new SendSignal(Store, cgroups, withoutMonitor, events, Stopping, log);
        var kill = new KillAndWait(send, cgroups, withoutMonitor);
        var stop = new StopAndWait(send, kill, events, Options, Stopping, log);
        var freeze = new FreezeContainer(Store, cgroups, events);

        // 7. What can be asked for.
        var launchEarly = new LaunchEarly(monitors, Options, Stopping, Background, log);
        var start = new StartContainer(Store, startRun);
        var remove = new RemoveContainer(Store, kill, delete, log);
        Containers = new ContainerUseCases
        {
            Create = new CreateContainer(Store, Uses, images, snapshots, networks, volumes, launchEarly, events, stream, host, Options, log),
            Start = start,
            Stop = new StopContainer(Store, stop),
            Restart = new RestartContainer(Store, stop, start, events),
            Kill = new KillContainer(Store, send, kill),
            Pause = new PauseContainer(freeze),
            Unpause = new UnpauseContainer(freeze),
            Wait = new WaitContainer(Store),
            PrepareAttach = new PrepareAttach(Store),
            Attach = new AttachContainer(events),
            Logs = new ContainerLogs(Store),
            Resize = new ResizeContainer(Store, events),
            Rename = new RenameContainer(Store, events),
            Update = new UpdateContainer(Store, cgroups, events, host),
            Inspect = new InspectContainer(Store, sizes, snapshots, networks),
            List = new ListContainers(Store, sizes, images),
            Top = new TopContainer(Store, cgroups, events),
            Remove = remove,
            Prune = new PruneContainers(Store, remove, sizes, stream, TimeProvider.System),
        };

        // 8. The daemon's own start and end.
        var ask = new AskAgain(Stopping, log);
        var settle = new SettleContainer(monitors, host, new TakeOver(adoption, Store, cgroups, volumeUse, log), findExit, recordEnd, release);
        var finish = new FinishContainer(delete, startRun, Stopping, Background, log);
        Open = new OpenEngine(
            Store,
            images,
            Places,
            new Leftovers(Store, snapshots, monitors, hierarchies, Options, Background, log),
            new OpenNetworks(networks, Store, Warnings, log),
            volumes,
            new AdoptContainers(Store, settle, log),
            new SearchMonitor(ask, settle, watch, finish),
            new StrayMonitors(monitors, ask, cgroups, Options, log),
            finish,
            watch,
            Count,
            Options,
            Warnings,
            Background,
            log);
        StopAll = new StopAllContainers(Store, stop, Options, Stopping, log);
        Stop = new StopEngine(Store, Places, Stopping, Background);
    }

    public ContainerUseCases Containers { get; }

    public ExecUseCases Execs { get; }

    /// <summary>For the use cases of images, volumes and networks.</summary>
    public ContainerUses Uses { get; }

    /// <summary>For those of the host.</summary>
    public CountContainers Count { get; }

    public CurrentOptions Options { get; }

    public HostWarnings Warnings { get; }

    /// <summary>The first thing to be done with an engine.</summary>
    public OpenEngine Open { get; }

    /// <summary>Before <see cref="Stop"/>, when containers are to end with the daemon.</summary>
    public StopAllContainers StopAll { get; }

    /// <summary>The last thing to be done with an engine.</summary>
    public StopEngine Stop { get; }

    internal Stopping Stopping { get; }

    internal BackgroundWork Background { get; }

    internal ContainerStore Store { get; }

    internal ExecTable ExecTable { get; }

    internal EmptyPlaces Places { get; }
}
