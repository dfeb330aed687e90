namespace Hafen.Linux.Cgroups;

/// <summary>Carries out a plan of settings on a cgroup's directories.</summary>
internal static class CgroupSettingWriter
{
    /// <summary>Refuses, before anything is made, what this host has no controller for.</summary>
    public static void CheckControllers(CgroupHierarchies hierarchies, IReadOnlyList<CgroupSetting> plan)
    {
        foreach (var setting in plan)
        {
            bool core = setting.Controller == "cgroup" && hierarchies.Mode == CgroupMode.Unified;
            if (!setting.Optional && !core && hierarchies.Find(setting.Controller) is null)
                throw Missing(setting);
        }
    }

    /// <exception cref="CgroupException">The kernel refuses a value.</exception>
    public static void Apply(CgroupDirectorySet directories, IReadOnlyList<CgroupSetting> plan)
    {
        List<CgroupSetting>? deferred = null;
        foreach (var setting in plan)
        {
            int result = Write(directories, setting, out var written);
            if (result == -Errno.EINVAL && setting.Deferrable)
                (deferred ??= []).Add(setting);
            else if (result < 0)
                throw Refused(directories, written, -result);
        }

        foreach (var setting in deferred ?? [])
        {
            int result = Write(directories, setting, out var written);
            if (result < 0)
                throw Refused(directories, written, -result);
        }
    }

    private static int Write(CgroupDirectorySet directories, CgroupSetting setting, out CgroupSetting written)
    {
        written = setting;
        var directory = directories.For(setting.Controller);
        if (directory is null)
            return setting.Optional ? 0 : throw Missing(setting);
        int result = directory.Write(setting.File, setting.Value);
        if (result == -Errno.ENOENT && setting.Alternative is { } alternative)
        {
            written = alternative;
            result = directory.Write(alternative.File, alternative.Value);
        }

        return result == -Errno.ENOENT && setting.Optional ? 0 : result;
    }

    private static CgroupException Missing(CgroupSetting setting) =>
        new($"cannot set {setting.File}: this host has no cgroup controller \"{setting.Controller}\"");

    private static CgroupException Refused(CgroupDirectorySet directories, CgroupSetting setting, int errno)
    {
        var directory = directories.For(setting.Controller)!;
        var cause = new LinuxException(errno, "write", $"{directory.FullPath}/{setting.File}");
        if (errno == Errno.ENOENT)
        {
            return new CgroupException(
                $"cannot set {setting.File}: the controller \"{setting.Controller}\" is not enabled in {directory.FullPath}, "
                + "or the kernel was built without this file",
                cause);
        }

        if (errno == Errno.EBUSY && setting.File == "memory.limit_in_bytes")
        {
            return new CgroupException(
                $"unable to set memory limit to {setting.Value} (current usage: {directory.ReadNumber("memory.usage_in_bytes")}, "
                + $"peak usage: {directory.ReadNumber("memory.max_usage_in_bytes")})", cause);
        }

        return new CgroupException($"cannot set {setting.File} to {setting.Value}: {Errno.Text(errno)}", cause);
    }
}
