using Hafen.Engine.Containers;
using Hafen.Engine.Events;
using Hafen.Engine.Exec;
using Hafen.Engine.Monitors;
using Hafen.Images;
using Hafen.Linux.Cgroups;
using Hafen.Linux.Seccomp;
using Hafen.Networking;
using Hafen.Snapshots;
using Hafen.Volumes;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine;

/// <summary>The rooms the engine works with.</summary>
public sealed record EngineRooms
{
    public required IImageStore Images { get; init; }
    public required ISnapshotter Snapshots { get; init; }
    public required INetworks Networks { get; init; }
    public required IVolumes Volumes { get; init; }
    public required IMonitors Monitors { get; init; }
    public required EventStream Events { get; init; }
    public required CgroupHierarchies Cgroups { get; init; }
    public required SeccompPrograms Seccomp { get; init; }
    public required HostFacts Host { get; init; }
    public required ILogger<ContainerEngine> Log { get; init; }
}

/// <summary>
/// The engine's use cases, without HTTP. Each is an extension method in a file of its own: <c>Containers/CreateContainer.cs</c>,
/// <c>Exec/StartExec.cs</c>, …; this class holds what they share.
/// </summary>
public sealed class ContainerEngine
{
    public ContainerEngine(EngineOptions options, EngineRooms rooms)
    {
        Options = options;
        Rooms = rooms;
        Store = new ContainerStore(Path.Combine(options.Root, "containers"), rooms.Log);
        Background = new BackgroundWork(rooms.Log);
    }

    /// <summary>What the operator has decided; replaced as a whole when some of it changes while the daemon runs.</summary>
    public EngineOptions Options { get; set; }

    public EventStream Events => Rooms.Events;

    /// <summary>What the operator should know about this host.</summary>
    public IReadOnlyList<string> Warnings { get; internal set; } = [];

    internal EngineRooms Rooms { get; }

    internal ContainerStore Store { get; }

    /// <summary>Execs of all containers by ID.</summary>
    internal ExecTable Execs { get; } = new();

    /// <summary>Users of images, looked up once.</summary>
    internal Containers.Spec.ResolveUser Users { get; } = new();

    internal ILogger Log => Rooms.Log;

    /// <summary>Set when the daemon ends: containers stay, nothing is restarted any more.</summary>
    internal CancellationTokenSource Stopping { get; } = new();

    /// <summary>Containers found running whose monitors have not been heard of yet.</summary>
    internal Reconcile.Adoption Adoption { get; } = new();

    /// <summary>Work that goes on after its request was answered; awaited by <see cref="StopAsync"/>.</summary>
    internal BackgroundWork Background { get; }

    /// <summary>Ends the engine's own work. Containers go on running: their monitors do not need the daemon.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Stopping.CancelAsync().ConfigureAwait(false);
        // Those who listen to a monitor leave when the connection to it ends.
        foreach (var container in Store.All)
        {
            if (container.Monitor is { } monitor) await monitor.DisposeAsync().ConfigureAwait(false);
        }
        await Background.WhenDoneAsync(cancellationToken).ConfigureAwait(false);
        Reconcile.EmptyPlaces.Remove(this);
    }
}
