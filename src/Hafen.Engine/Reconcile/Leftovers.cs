using Hafen.Engine.Containers;
using Hafen.Engine.Monitors;
using Hafen.Linux;
using Hafen.Linux.Cgroups;
using Hafen.Snapshots;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Reconcile;

/// <summary>Removes what carries a container's ID but belongs to none: snapshots, cgroups, monitors' folders.</summary>
internal sealed class Leftovers(
    ContainerStore containers,
    ISnapshotter snapshots,
    IMonitors monitors,
    CgroupHierarchies hierarchies,
    CurrentOptions options,
    BackgroundWork background,
    ILogger log)
{
    public void Remove()
    {
        string states = Path.Combine(options.Value.RunRoot, "containers");
        string[] keys = Names(() => snapshots.Keys()), folders = Names(() => Folders(states));
        HashSet<string> ours = [.. keys, .. folders];
        foreach (string key in keys)
        {
            if (IsOrphan(key))
                Try("snapshot " + key, () => snapshots.Remove(key));
        }
        foreach (string id in folders)
        {
            if (IsOrphan(id))
                Try("state of monitor " + id, () => RemoveMonitor(id));
        }
        foreach (string id in Names(() => hierarchies.All.SelectMany(h => Folders(h.MountPoint + options.Value.CgroupParent)).Distinct()))
        {
            // The operator may have chosen a parent that others use, too: what has nothing of ours beside it is not killed.
            if (IsOrphan(id) && (ours.Contains(id) || IsEmpty(id)))
                Try("cgroup " + id, () => RemoveCgroup(id));
        }
    }

    /// <summary>A leftover that cannot be removed is told of, and stays.</summary>
    public void Try(string what, Action remove)
    {
        try
        {
            remove();
            EngineLog.LeftoverRemoved(log, what);
        }
        catch (Exception exception)
        {
            EngineLog.LeftoverKept(log, what, exception.Message);
        }
    }

    private bool IsEmpty(string id)
    {
        try
        {
            using var cgroup = Cgroup.Open(hierarchies, $"{options.Value.CgroupParent}/{id}");
            return cgroup.Pids().Length == 0;
        }
        catch (Exception exception) when (exception is LinuxException or CgroupException or IOException)
        {
            return false;
        }
    }

    /// <summary>Also a monitor that hangs, which would be there for ever.</summary>
    private void RemoveMonitor(string id)
    {
        if (monitors.ReadExit(id) is null && monitors.Find(id) is { } monitor)
        {
            monitor.Kill();
            background.Run(() => monitor.DisposeAsync().AsTask());
        }
        monitors.RemoveState(id);
    }

    private void RemoveCgroup(string id)
    {
        using var cgroup = Cgroup.Open(hierarchies, $"{options.Value.CgroupParent}/{id}");
        cgroup.Kill(SignalText.SIGKILL);
        cgroup.Destroy();
    }

    private bool IsOrphan(string name)
        => ContainerId.IsOne(name) && !containers.TryGet(name, out _) && !containers.Unreadable.ContainsKey(name);

    private static string[] Names(Func<IEnumerable<string>> list)
    {
        try
        {
            return [.. list()];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or LinuxException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Folders(string parent)
        => Directory.Exists(parent) ? Directory.EnumerateDirectories(parent).Select(f => Path.GetFileName(f)) : [];
}
