using Hafen.Api;
using Hafen.Engine.Containers.Create;
using Hafen.Engine.Containers.Spec;
using Hafen.Engine.Containers.Start;
using Hafen.Engine.State;
using Hafen.Linux;
using Hafen.Networking;
using Hafen.Snapshots;

namespace Hafen.Engine.Containers;

/// <summary>All that is known of a container.</summary>
public sealed class InspectContainer
{
    private readonly ContainerStore _containers;
    private readonly ContainerSizes _sizes;
    private readonly ISnapshotter _snapshots;
    private readonly INetworks _networks;

    internal InspectContainer(ContainerStore containers, ContainerSizes sizes, ISnapshotter snapshots, INetworks networks)
    {
        _containers = containers;
        _sizes = sizes;
        _snapshots = snapshots;
        _networks = networks;
    }

    /// <param name="reference">ID, name or prefix.</param>
    /// <param name="size">With the sizes of its files, which takes time.</param>
    /// <exception cref="EngineException">No such container.</exception>
    public ContainerInspect Run(string reference, bool size)
    {
        var container = _containers.Get(reference);
        var record = container.Record;
        var state = container.State;
        string[] command = BuildRuntimeSpec.CommandLine(record.Config);
        bool hasRun = state.HasRun;
        long? writable = null, total = null;
        if (size)
            (writable, total) = _sizes.Measure(container);
        return new ContainerInspect
        {
            Id = record.Id,
            Created = GoTime.Format(record.Created),
            Path = command.Length > 0 ? command[0] : "",
            Args = command.Length > 1 ? command[1..] : [],
            State = new ContainerStateInfo
            {
                Status = Transitions.Text(state.Status),
                Running = container.IsRunning,
                Paused = state.Status == ContainerStatus.Paused,
                Restarting = state.Status == ContainerStatus.Restarting,
                OOMKilled = state.OomKilled,
                Dead = state.Status == ContainerStatus.Dead,
                Pid = state.Pid,
                ExitCode = state.ExitCode,
                Error = state.Error,
                StartedAt = GoTime.Format(state.StartedAt),
                FinishedAt = GoTime.Format(state.FinishedAt),
                Health = state.Health,
            },
            Image = record.ImageId,
            ResolvConfPath = hasRun ? Path.Combine(container.Folder, NetworkSetup.ResolvConfFileName) : "",
            HostnamePath = hasRun ? Path.Combine(container.Folder, NetworkSetup.HostnameFileName) : "",
            HostsPath = hasRun ? Path.Combine(container.Folder, NetworkSetup.HostsFileName) : "",
            LogPath = hasRun ? LogSettings.FileOf(container) ?? "" : "",
            Name = "/" + record.Name,
            RestartCount = state.RestartCount,
            Driver = _snapshots.Name,
            Platform = "linux",
            ExecIDs = container.Run?.Execs is not { IsEmpty: false } execs ? null : [.. execs.Values.Where(e => e.Running).Select(e => e.Id)],
            HostConfig = record.HostConfig,
            GraphDriver = new GraphDriverData { Name = _snapshots.Name, Data = GraphData(container) },
            SizeRw = writable,
            SizeRootFs = total,
            Mounts = ContainerMounts.Points(record),
            Config = record.Config,
            NetworkSettings = ContainerNetworks.Settings(container, _networks.ForContainer(NetworkInfo.DefaultName)?.Name),
        };
    }

    private IReadOnlyDictionary<string, string>? GraphData(Container container)
    {
        try
        {
            return _snapshots.Describe(container.Id);
        }
        catch (Exception exception) when (exception is IOException or LinuxException or KeyNotFoundException or InvalidOperationException)
        {
            // A dead container has lost its snapshot already.
            return null;
        }
    }
}
