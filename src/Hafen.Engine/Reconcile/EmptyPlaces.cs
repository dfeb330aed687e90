namespace Hafen.Engine.Reconcile;

/// <summary>
/// Places that containers were made in: the parent of their cgroups and the folder of their monitors. A daemon that ends takes away what is empty then, so that
/// nothing is left on a host it is removed from; those that are in use stay, and the next start of a container makes what is missing.
/// </summary>
internal static class EmptyPlaces
{
    /// <summary>Parents of cgroups that were not there before this engine or one of the same folders, one path a line; gone with a reboot, like the cgroups.</summary>
    private const string MadeFile = "cgroup-parents";

    /// <summary>Notes which parents are missing now: they will be of our making.</summary>
    public static void Note(ContainerEngine engine)
    {
        var made = Read(engine);
        int before = made.Count;
        bool usual = engine.Options.CgroupParent == EngineOptions.CgroupParentFor(engine.Options.Root);
        foreach (string path in Parents(engine))
        {
            // The usual parent has a name that nobody else uses.
            if (usual || !Directory.Exists(path)) made.Add(path);
        }
        if (made.Count == before) return;
        Try(() =>
        {
            Directory.CreateDirectory(engine.Options.RunRoot);
            File.WriteAllLines(FileOf(engine), made);
        });
    }

    /// <summary>Removes what is empty. Never recursive: the kernel and the file system say what is in use.</summary>
    public static void Remove(ContainerEngine engine)
    {
        // The longest first: those above are empty only then.
        foreach (string path in Read(engine).OrderByDescending(path => path.Length)) Try(() => Directory.Delete(path));
        if (Read(engine).All(path => !Directory.Exists(path))) Try(() => File.Delete(FileOf(engine)));
        Try(() => Directory.Delete(Path.Combine(engine.Options.RunRoot, "containers")));
    }

    /// <summary>In each hierarchy: <c>/a</c> and <c>/a/b</c> for a parent <c>/a/b</c>.</summary>
    private static IEnumerable<string> Parents(ContainerEngine engine)
    {
        string parent = engine.Options.CgroupParent;
        foreach (var hierarchy in engine.Rooms.Cgroups.All)
        {
            for (int end = parent.IndexOf('/', 1); end >= 0; end = parent.IndexOf('/', end + 1)) yield return hierarchy.MountPoint + parent[..end];
            if (parent.Length > 1) yield return hierarchy.MountPoint + parent;
        }
    }

    private static HashSet<string> Read(ContainerEngine engine)
    {
        var made = new HashSet<string>(StringComparer.Ordinal);
        Try(() =>
        {
            if (File.Exists(FileOf(engine))) made.UnionWith(File.ReadAllLines(FileOf(engine)));
        });
        return made;
    }

    private static string FileOf(ContainerEngine engine) => Path.Combine(engine.Options.RunRoot, MadeFile);

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // In use, gone already, or nothing that could be written: nothing hangs on it.
        }
    }
}
