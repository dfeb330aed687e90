using Hafen.Api;
using Hafen.Engine.Containers.Create;
using Hafen.Engine.State;
using Hafen.Errors;

namespace Hafen.Engine.Containers.Start;

/// <summary>Containers whose namespaces are shared must run.</summary>
internal sealed class SharedNamespaces(ContainerStore containers)
{
    // Two that name each other before both are there would lead on for ever. Neither of them ever runs.
    private const int LongestWay = 64;

    /// <summary>Pids by kind of namespace: <c>network</c>, <c>pid</c>, <c>ipc</c>.</summary>
    /// <exception cref="EngineException">The other container is gone, does not run, does not share, or is the container itself.</exception>
    public Dictionary<string, int> Pids(Container container)
    {
        var host = container.Record.HostConfig;
        var pids = new Dictionary<string, int>(StringComparer.Ordinal);
        if (Find(host.NetworkMode, "joining network namespace of container: ") is { } network)
        {
            if (ReferenceEquals(network, container))
                throw new EngineException(ErrorKind.System, "cannot join own network namespace");
            if (!Transitions.HasProcess(network.Status))
            {
                throw EngineException.Conflict(
                    $"cannot join network namespace of a non running container: container {network.Record.Name} is {Transitions.Text(network.Status)}");
            }
            pids["network"] = network.State.Pid;
        }
        const string joiningPid = "failed to join PID namespace: ", joiningIpc = "failed to join IPC namespace: ";
        if (Find(host.PidMode, joiningPid) is { } pid)
            pids["pid"] = PidOf(pid, joiningPid);
        if (Find(host.IpcMode, joiningIpc) is { } ipc)
        {
            pids["ipc"] = PidOf(ipc, joiningIpc);
            if (ipc.Record.HostConfig.IpcMode is not (NamespaceMode.Shareable or NamespaceMode.Host))
            {
                throw EngineException.InvalidParameter(
                    $"{joiningIpc}container {ipc.Id}: non-shareable IPC (hint: use IpcMode:shareable for the donor container)");
            }
        }
        return pids;
    }

    /// <summary>The container whose network is shared, also by way of others that share it; null when it has its own.</summary>
    public Container? NetworkOwner(HostConfig host)
    {
        Container? owner = null;
        string? mode = host.NetworkMode;
        for (int way = 0; way < LongestWay && NamespaceMode.ContainerOf(mode) is { } reference; way++)
        {
            owner = containers.Get(reference);
            mode = owner.Record.HostConfig.NetworkMode;
        }
        return owner;
    }

    private Container? Find(string? mode, string doing)
    {
        if (NamespaceMode.ContainerOf(mode) is not { } reference)
            return null;
        if (containers.TryGet(reference, out var other))
            return other;
        // Not "not found": it is not what the client named.
        throw new EngineException(ErrorKind.System, $"{doing}No such container: {reference}");
    }

    private static int PidOf(Container other, string doing)
        => Transitions.HasProcess(other.Status) ? other.State.Pid : throw EngineException.Conflict($"{doing}container {other.Id} is not running");
}
