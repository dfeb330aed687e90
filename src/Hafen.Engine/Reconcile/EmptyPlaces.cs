using Hafen.Linux.Cgroups;

namespace Hafen.Engine.Reconcile;

/// <summary>
/// Places that containers were made in: the parent of their cgroups and the folder of their monitors. A daemon that ends takes away what is empty then, so that
/// nothing is left on a host it is removed from; those that are in use stay, and the next start of a container makes what is missing.
/// </summary>
internal sealed class EmptyPlaces(CgroupHierarchies hierarchies, CurrentOptions options)
{
    /// <summary>Parents of cgroups that were not there before this engine or one of the same folders, one path a line; gone with a reboot, like the cgroups.</summary>
    private const string MadeFileName = "cgroup-parents";

    /// <summary>Notes which parents are missing now: they will be of our making.</summary>
    public void Note()
    {
        var made = Read();
        int before = made.Count;
        bool isDefault = options.Value.CgroupParent == EngineOptions.CgroupParentFor(options.Value.Root);
        foreach (string path in Parents())
        {
            // The default parent has a name that nobody else uses.
            if (isDefault || !Directory.Exists(path))
                made.Add(path);
        }
        if (made.Count == before)
            return;
        Try(() =>
        {
            Directory.CreateDirectory(options.Value.RunRoot);
            File.WriteAllLines(MadeFile, made);
        });
    }

    /// <summary>Removes what is empty. Never recursive: the kernel and the file system say what is in use.</summary>
    public void Remove()
    {
        // The longest first: those above are empty only then.
        foreach (string path in Read().OrderByDescending(path => path.Length))
            Try(() => Directory.Delete(path));
        if (Read().All(path => !Directory.Exists(path)))
            Try(() => File.Delete(MadeFile));
        Try(() => Directory.Delete(Path.Combine(options.Value.RunRoot, "containers")));
    }

    /// <summary>In each hierarchy: <c>/a</c> and <c>/a/b</c> for a parent <c>/a/b</c>.</summary>
    private IEnumerable<string> Parents()
    {
        string parent = options.Value.CgroupParent;
        foreach (var hierarchy in hierarchies.All)
        {
            for (int end = parent.IndexOf('/', 1); end >= 0; end = parent.IndexOf('/', end + 1))
                yield return hierarchy.MountPoint + parent[..end];
            if (parent.Length > 1)
                yield return hierarchy.MountPoint + parent;
        }
    }

    private HashSet<string> Read()
    {
        var made = new HashSet<string>(StringComparer.Ordinal);
        Try(() =>
        {
            if (File.Exists(MadeFile))
                made.UnionWith(File.ReadAllLines(MadeFile));
        });
        return made;
    }

    private string MadeFile => Path.Combine(options.Value.RunRoot, MadeFileName);

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // In use, gone already, or nothing that could be written: nothing hangs on it.
        }
    }
}
