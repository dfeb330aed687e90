using Hafen.Engine.Containers;
using Hafen.Linux;
using Hafen.Linux.Cgroups;

namespace Hafen.Engine.Reconcile;

/// <summary>Removes what carries a container's ID but belongs to none: snapshots, cgroups, monitors' folders.</summary>
internal static class Leftovers
{
    public static void Remove(ContainerEngine engine)
    {
        string states = Path.Combine(engine.Options.RunRoot, "containers");
        string[] snapshots = Names(() => engine.Rooms.Snapshots.Keys()), monitors = Names(() => Folders(states));
        HashSet<string> ours = [.. snapshots, .. monitors];
        foreach (string key in snapshots)
        {
            if (IsOrphan(engine, key)) Try(engine, "snapshot " + key, () => engine.Rooms.Snapshots.Remove(key));
        }
        foreach (string id in monitors)
        {
            if (IsOrphan(engine, id)) Try(engine, "state of monitor " + id, () => RemoveMonitor(engine, id));
        }
        foreach (string id in Names(() => engine.Rooms.Cgroups.All.SelectMany(h => Folders(h.MountPoint + engine.Options.CgroupParent)).Distinct()))
        {
            // The operator may have chosen a parent that others use, too: what has nothing of ours beside it is not killed.
            if (IsOrphan(engine, id) && (ours.Contains(id) || IsEmpty(engine, id))) Try(engine, "cgroup " + id, () => RemoveCgroup(engine, id));
        }
    }

    /// <summary>A leftover that cannot be removed is told of, and stays.</summary>
    public static void Try(ContainerEngine engine, string what, Action remove)
    {
        try
        {
            remove();
            EngineLog.LeftoverRemoved(engine.Log, what);
        }
        catch (Exception e)
        {
            EngineLog.LeftoverKept(engine.Log, what, e.Message);
        }
    }

    private static bool IsEmpty(ContainerEngine engine, string id)
    {
        try
        {
            using var cgroup = Cgroup.Open(engine.Rooms.Cgroups, $"{engine.Options.CgroupParent}/{id}");
            return cgroup.Pids().Length == 0;
        }
        catch (Exception e) when (e is LinuxException or CgroupException or IOException)
        {
            return false;
        }
    }

    /// <summary>Also a monitor that hangs, which would be there for ever.</summary>
    private static void RemoveMonitor(ContainerEngine engine, string id)
    {
        if (engine.Rooms.Monitors.ReadExit(id) is null && engine.Rooms.Monitors.Find(id) is { } monitor)
        {
            monitor.Kill();
            engine.Background.Run(() => monitor.DisposeAsync().AsTask());
        }
        engine.Rooms.Monitors.RemoveState(id);
    }

    private static void RemoveCgroup(ContainerEngine engine, string id)
    {
        using var cgroup = Cgroup.Open(engine.Rooms.Cgroups, $"{engine.Options.CgroupParent}/{id}");
        cgroup.Kill(SignalNames.SIGKILL);
        cgroup.Destroy();
    }

    private static bool IsOrphan(ContainerEngine engine, string name)
        => ContainerId.IsOne(name) && !engine.Store.TryGet(name, out _) && !engine.Store.Unreadable.Contains(name);

    private static string[] Names(Func<IEnumerable<string>> list)
    {
        try
        {
            return [.. list()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LinuxException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Folders(string parent)
        => Directory.Exists(parent) ? Directory.EnumerateDirectories(parent).Select(f => Path.GetFileName(f)) : [];
}
