using Hafen.Api;
using Hafen.Engine.Containers.Create;

namespace Hafen.Engine.Containers.Start;

/// <summary>Containers whose namespaces are shared must run.</summary>
internal static class SharedNamespaces
{
    /// <summary>Pids by kind of namespace: <c>network</c>, <c>pid</c>, <c>ipc</c>.</summary>
    /// <exception cref="EngineException">The other container is gone, does not run, or does not share.</exception>
    public static Dictionary<string, int> Pids(ContainerEngine engine, HostConfig host)
    {
        var pids = new Dictionary<string, int>(StringComparer.Ordinal);
        Add("network", "network", host.NetworkMode, ipc: false);
        Add("pid", "PID", host.PidMode, ipc: false);
        Add("ipc", "IPC", host.IpcMode, ipc: true);
        return pids;

        void Add(string type, string word, string? mode, bool ipc)
        {
            if (NamespaceMode.ContainerOf(mode) is not { } reference) return;
            var other = engine.Store.Get(reference);
            if (!State.Transitions.HasProcess(other.Status))
                throw EngineException.Conflict($"cannot join {word} of a non running container: {other.Id}");
            if (ipc && other.Record.HostConfig.IpcMode is not (NamespaceMode.Shareable or NamespaceMode.Host))
            {
                throw EngineException.Conflict(
                    $"can't join IPC of container {other.Id}: non-shareable IPC (hint: use IpcMode:shareable for the donor container)");
            }
            pids[type] = other.State.Pid;
        }
    }

    /// <summary>The container whose network is shared; null when it has its own.</summary>
    public static Container? NetworkOwner(ContainerEngine engine, HostConfig host)
        => NamespaceMode.ContainerOf(host.NetworkMode) is { } reference ? engine.Store.Get(reference) : null;
}
