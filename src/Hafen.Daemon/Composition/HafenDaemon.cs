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

    private readonly OverlaySnapshotter _snapshots;
    private readonly ImageStore _images;
    private readonly Networking.Networks _networks;
    private readonly Monitors _monitors;
    private readonly ContainerEngine _engine;
    private readonly ReloadSystem _reloadSystem;

    private HafenDaemon(
        OverlaySnapshotter snapshots, ImageStore images, Networking.Networks networks, Monitors monitors, ContainerEngine engine, ReloadSystem reloadSystem, RouteTable routes)
    {
        _snapshots = snapshots;
        _images = images;
        _networks = networks;
        _monitors = monitors;
        _engine = engine;
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
        var networks = new Networking.Networks(EngineSettings.Networks(settings, paths));
        var images = await ImageStore.OpenAsync(
            paths.Root, ContentStore.Open(paths.Root), snapshots, new ImageStoreOptions { HelloExecutable = paths.Hello }, cancellationToken);

        // 2. The engine above them.
        var time = TimeProvider.System;
        var cgroups = CgroupHierarchies.Detect();
        var host = HostFacts.Read(cgroups);
        var events = new EventStream(time);
        var volumes = LocalVolumes.Open(paths.Root);
        var monitors = new Monitors(paths.Runtime, paths.RunRoot) { OpenFiles = OpenFileLimit.Raise() };
        var engine = new ContainerEngine(EngineSettings.Engine(settings, paths), new EngineRooms
        {
            Images = images,
            Snapshots = snapshots,
            Networks = networks,
            Volumes = volumes,
            Monitors = monitors,
            Events = events,
            Cgroups = cgroups,
            Seccomp = new SeccompPrograms(Path.Combine(paths.Root, "seccomp")),
            Host = host,
            Log = loggers.CreateLogger<ContainerEngine>(),
        });
        await engine.OpenAsync(cancellationToken);

        // 3. What is beside the containers.
        var uses = new ContainerUses(engine);
        var imageUseCases = ImageUseCases.Compose(images, snapshots, uses, events, time);
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
                options, () => engine.Options, host, images, snapshots, engine.CountContainers, events, () => engine.Warnings, time),
            DiskUsage = new MeasureDiskUsage(
                images, imageUseCases.List, new ImageLayers(snapshots), volumes, uses,
                () => engine.ListContainersOf(new ListContainersRequest { All = true, Size = true })),
            Reload = new ReloadSystem(options, host, events),
            Version = new DescribeVersion(options),
        };

        // 4. What clients can ask for.
        var routes = new RouteTable();
        new SystemRoutes(system).AddTo(routes);
        new ContainerRoutes(engine).AddTo(routes);
        new ExecRoutes(engine).AddTo(routes);
        new EventRoutes(events).AddTo(routes);
        new ImageRoutes(imageUseCases).AddTo(routes);
        new NetworkRoutes(NetworkUseCases.Compose(networks, uses, events, time)).AddTo(routes);
        new VolumeRoutes(VolumeUseCases.Compose(volumes, uses, events)).AddTo(routes);
        RefusedRoutes.AddTo(routes);
        return new HafenDaemon(snapshots, images, networks, monitors, engine, system.Reload, routes);
    }

    /// <summary>Clients can be answered from now on.</summary>
    public void Answering() => _engine.Events.Open(s_eventGrace);

    /// <summary>Takes over settings that may change while the daemon runs.</summary>
    public void Reload(DaemonSettings settings, DaemonPaths paths)
    {
        var read = EngineSettings.Engine(settings, paths);
        _engine.Options = _engine.Options with
        {
            DefaultShmSize = read.DefaultShmSize,
            DefaultIpcMode = read.DefaultIpcMode,
            DefaultStopTimeout = read.DefaultStopTimeout,
        };
        _reloadSystem.Run(settings.Debug, settings.Labels, settings.LiveRestore, new Dictionary<string, string>
        {
            ["shutdown-timeout"] = (settings.ShutdownTimeout ?? DaemonSettings.UsualShutdownTimeout).ToString(CultureInfo.InvariantCulture),
            ["default-shm-size"] = read.DefaultShmSize.ToString(CultureInfo.InvariantCulture),
            ["default-ipc-mode"] = read.DefaultIpcMode,
            ["default-stop-timeout"] = read.DefaultStopTimeout.ToString(CultureInfo.InvariantCulture),
        });
    }

    /// <summary>Stops the containers, for operators who do not want them to outlive the daemon.</summary>
    /// <param name="seconds">The shutdown timeout.</param>
    public Task StopContainersAsync(int seconds) => _engine.StopAllContainersAsync(seconds);

    /// <summary>Ends the engine's own work. Containers go on running.</summary>
    public async Task StopAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _engine.StopAsync(limit.Token);
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
