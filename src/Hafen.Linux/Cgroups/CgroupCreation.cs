namespace Hafen.Linux.Cgroups;

/// <summary>Makes a cgroup's directory, and those above it that are missing.</summary>
internal static class CgroupCreation
{
    /// <exception cref="CgroupException">Processes run in a cgroup of this path.</exception>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public static void Make(CgroupDirectory directory)
    {
        int result = directory.Make();
        if (result == -Errno.ENOENT)
        {
            MakeParents(directory.Parent());
            result = directory.Make();
        }

        if (result == -Errno.EEXIST)
        {
            // Left over from a crash, with limits of its own: begin anew. Removing it is the kernel's own check that nobody is in it.
            RefuseOccupied(directory);
            result = CgroupRemoval.Remove([directory]) is { } failure ? -failure.Errno : directory.Make();
        }

        if (result < 0)
            throw new LinuxException(-result, "mkdir", directory.FullPath);
        try
        {
            Prepare(directory);
        }
        catch
        {
            directory.Remove();
            throw;
        }
    }

    /// <summary>What a new directory needs before limits can be set and tasks can enter.</summary>
    private static void Prepare(CgroupDirectory directory)
    {
        if (directory.Hierarchy.IsUnified)
            ControllerDelegation.EnableBelow(directory.Parent());
        else if (directory.Hierarchy.Serves("cpuset"))
            CpusetInheritance.Fill(directory);
    }

    private static void MakeParents(CgroupDirectory directory)
    {
        if (directory.IsRoot)
            return;
        int result = directory.Make();
        if (result == -Errno.ENOENT)
        {
            MakeParents(directory.Parent());
            result = directory.Make();
        }

        // Somebody else's start may make the same parent at the same moment.
        if (result is < 0 and not -Errno.EEXIST)
            throw new LinuxException(-result, "mkdir", directory.FullPath);
        if (result == 0 && directory.Hierarchy.Serves("cpuset") && !directory.Hierarchy.IsUnified)
        {
            CpusetInheritance.Fill(directory);
            CpusetInheritance.InheritBelow(directory);
        }
    }

    private static void RefuseOccupied(CgroupDirectory directory)
    {
        int count = CgroupProcesses.List(directory).Count;
        if (count > 0)
            throw new CgroupException($"container's cgroup is not empty: {count} process(es) found in {directory.FullPath}");
    }
}
