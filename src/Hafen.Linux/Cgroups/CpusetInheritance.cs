namespace Hafen.Linux.Cgroups;

/// <summary>
/// A new v1 cpuset has neither CPUs nor memory nodes, and no task may enter it. They are taken over from the parent, which must
/// have them first.
/// </summary>
internal static class CpusetInheritance
{
    /// <summary>
    /// Lets the kernel copy them into every cgroup made below from now on, which saves each container the reading and writing.
    /// Only for directories made by us: the flag changes what others see.
    /// </summary>
    public static void InheritBelow(CgroupDirectory parent) => parent.Write("cgroup.clone_children", "1");

    /// <summary>Fills the directory, and those above it where they are empty.</summary>
    public static void Fill(CgroupDirectory directory)
    {
        if (directory.IsRoot || !string.IsNullOrEmpty(directory.ReadText("cpuset.mems")))
            return;
        var parent = directory.Parent();
        Fill(parent);
        Copy(parent, directory, "cpuset.cpus");
        Copy(parent, directory, "cpuset.mems");
    }

    private static void Copy(CgroupDirectory from, CgroupDirectory to, string file)
    {
        if (!string.IsNullOrEmpty(to.ReadText(file)))
            return;
        string? value = from.ReadText(file);
        if (string.IsNullOrEmpty(value))
            throw new CgroupException($"{from.FullPath}/{file} is empty");
        int result = to.Write(file, value);
        if (result < 0)
            throw new LinuxException(-result, "write", $"{to.FullPath}/{file}");
    }
}
