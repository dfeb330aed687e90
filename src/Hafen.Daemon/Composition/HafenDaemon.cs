using System.Globalization;
using Hafen.Content;
using Hafen.Daemon.Configuration;
using Hafen.Daemon.Http;
using Hafen.Daemon.Http.Routing;
using Hafen.Daemon.Routes;
using Hafen.Engine;
using Hafen.Engine.Containers;
using Hafen.Engine.Events;
using Hafen.Engine.Host;
using Hafen.Engine.Images;
using Hafen.Engine.Monitors;
using Hafen.Engine.Networks;
using Hafen.Networking;
using Hafen.Engine.Reconcile;
using Hafen.Engine.Volumes;
using Hafen.Images;
using Hafen.Linux.Cgroups;
using Hafen.Linux.Processes;
using Hafen.Linux.Seccomp;
using Hafen.Snapshots.Overlay;
using Hafen.Volumes;
using Microsoft.Extensions.Logging;

namespace Hafen.Daemon.Composition;

/// <summary>The daemon put together: every room is made here, once, and handed what it needs.</summary>
internal sealed class HafenDaemon : IAsyncDisposable
{
    /// <summary>How soon a client that listens to events is back after the daemon it listened to has ended.</summary>
    private static readonly TimeSpan s_eventGrace = TimeSpan.FromSeconds(5);

    /// <summary>Under which the engine's entries stand in the log; operators look for it.</summary>
    private const string LogName = "Hafen.Engine.ContainerEngine";

    private readonly OverlaySnapshotter _snapshots;
    private readonly ImageStore _images;
    private readonly HostNetworks _networks;
    private readonly MonitorProcesses _monitors;
    private readonly EventStream _events;
    private readonly CurrentOptions _options;
    private readonly StopAllContainers _stopContainers;
    private readonly StopEngine _stop;
    private readonly ReloadSystem _reloadSystem;

    private HafenDaemon(
        OverlaySnapshotter snapshots,
        ImageStore images,
        HostNetworks networks,
        MonitorProcesses monitors,
        EventStream events,
        EngineComposition engine,
        ReloadSystem reloadSystem,
        RouteTable routes)
    {
        _snapshots = snapshots;
        _images = images;
        _networks = networks;
        _monitors = monitors;
        _events = events;
        _options = engine.Options;
        _stopContainers = engine.StopAll;
        _stop = engine.Stop;
        _reloadSystem = reloadSystem;
        Routes = routes;
    }

    public RouteTable Routes { get; }

    /// <summary>Opens the state, repairs what a crash has left, and finds the containers that still run.</summary>
    public static async Task<HafenDaemon> OpenAsync(
        DaemonSettings settings, DaemonPaths paths, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        // 1. The rooms below the engine.
        var snapshots = OverlaySnapshotter.Open(paths.Root);
        var networks = new HostNetworks(EngineSettings.Networks(settings, paths));
        var images = await ImageStore.OpenAsync(
            paths.Root, ContentStore.Open(paths.Root), snapshots, new ImageStoreOptions { HelloExecutable = paths.Hello }, cancellationToken);

        // 2. The engine above them.
        var time = TimeProvider.System;
        var cgroups = CgroupHierarchies.Detect();
        var host = HostFacts.Read(cgroups);
        var events = new EventStream(time);
        var volumes = await VolumeStore.OpenAsync(paths.Root, cancellationToken);
        var monitors = new MonitorProcesses(paths.Runtime, paths.RunRoot) { OpenFiles = OpenFileLimit.Raise() };
        var engine = new EngineComposition(
            EngineSettings.Engine(settings, paths),
            images,
            snapshots,
            networks,
            volumes,
            monitors,
            events,
            cgroups,
            new SeccompPrograms(Path.Combine(paths.Root, "seccomp")),
            host,
            loggers.CreateLogger(LogName));
        await engine.Open.RunAsync(cancellationToken);

        // 3. What is beside the containers.
        var imageUseCases = ImageUseCases.Compose(images, snapshots, engine.Uses, events, time);
        var options = new CurrentSystemOptions(new SystemOptions
        {
            Version = ServerHeaders.ProductVersion,
            Root = paths.Root,
            RuntimePath = paths.Runtime,
            Debug = settings.Debug,
            Labels = settings.Labels,
            LiveRestore = settings.LiveRestore,
            Firewall = settings.Firewall && settings.Bridge != "none",
        });

        var system = new SystemUseCases
        {
            Describe = new DescribeSystem(
                options, engine.Options, host, images, snapshots, volumes, engine.Count, events, engine.Warnings, time),
            DiskUsage = new MeasureDiskUsage(
                images, imageUseCases.List, new ImageLayers(snapshots), volumes, engine.Uses, engine.Containers.List),
            Reload = new ReloadSystem(options, host, events),
            Version = new DescribeVersion(options),
        };

        // 4. What clients can ask for.
        var routes = new RouteTable();
        new SystemRoutes(system).AddTo(routes);
        new ContainerRoutes(engine.Containers, engine.Execs.Create).AddTo(routes);
        new ExecRoutes(engine.Execs).AddTo(routes);
        new EventRoutes(events).AddTo(routes);
        new ImageRoutes(imageUseCases).AddTo(routes);
        new NetworkRoutes(NetworkUseCases.Compose(networks, engine.Uses, events, time)).AddTo(routes);
        new VolumeRoutes(VolumeUseCases.Compose(volumes, engine.Uses, events)).AddTo(routes);
        RefusedRoutes.AddTo(routes);
        return new HafenDaemon(snapshots, images, networks, monitors, events, engine, system.Reload, routes);
    }

    /// <summary>Clients can be answered from now on.</summary>
    public void Answering() => _events.Open(s_eventGrace);

    /// <summary>Takes over settings that may change while the daemon runs.</summary>
    public void Reload(DaemonSettings settings, DaemonPaths paths)
    {
        var read = EngineSettings.Engine(settings, paths);
        _options.Replace(_options.Value with
        {
            DefaultShmSize = read.DefaultShmSize,
            DefaultIpcMode = read.DefaultIpcMode,
            DefaultStopTimeout = read.DefaultStopTimeout,
        });
        _reloadSystem.Run(settings.Debug, settings.Labels, settings.LiveRestore, new Dictionary<string, string>
        {
            ["shutdown-timeout"] = (settings.ShutdownTimeout ?? DaemonSettings.DefaultShutdownTimeout).ToString(CultureInfo.InvariantCulture),
            ["default-shm-size"] = read.DefaultShmSize.ToString(CultureInfo.InvariantCulture),
            ["default-ipc-mode"] = read.DefaultIpcMode,
            ["default-stop-timeout"] = read.DefaultStopTimeout.ToString(CultureInfo.InvariantCulture),
        });
    }

    /// <summary>Stops the containers, for operators who do not want them to outlive the daemon.</summary>
    /// <param name="seconds">The shutdown timeout.</param>
    public Task StopContainersAsync(int seconds) => _stopContainers.RunAsync(seconds);

    /// <summary>Ends the engine's own work. Containers go on running.</summary>
    public async Task StopAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _stop.RunAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // What is still at work ends with the process.
        }
    }

    /// <summary>Lets go of everything in the reverse order.</summary>
    public async ValueTask DisposeAsync()
    {
        _monitors.Dispose();
        _images.Dispose();
        await _networks.DisposeAsync();
        await _snapshots.DisposeAsync();
    }
}
