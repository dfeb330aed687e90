using Hafen.Linux.FileSystem;

namespace Hafen.Linux.Cgroups;

/// <summary>Puts a <see cref="DevicePolicy"/> into force.</summary>
internal static class DeviceRules
{
    /// <summary>v1: the two files are opened once and take one rule a write.</summary>
    public static void Write(CgroupDirectory directory, DevicePolicy policy, bool isNew)
    {
        var present = isNew ? null : DevicePolicy.FromList(directory.ReadText("devices.list") ?? "");
        int allow = -1, deny = -1;
        try
        {
            foreach ((string file, string text) in policy.LegacyWrites(present))
            {
                ref int descriptor = ref file == "devices.allow" ? ref allow : ref deny;
                if (descriptor < 0)
                    descriptor = directory.Open(file, OpenFlags.O_WRONLY);
                int result = descriptor < 0 ? descriptor : CgroupDirectory.WriteTo(descriptor, text);
                if (result < 0)
                {
                    var cause = new LinuxException(-result, "write", $"{directory.FullPath}/{file}");
                    throw new CgroupException($"cannot set {file} to \"{text}\": {Errno.Text(-result)}", cause);
                }
            }
        }
        finally
        {
            if (allow >= 0)
                CgroupCalls.Close(allow);
            if (deny >= 0)
                CgroupCalls.Close(deny);
        }
    }

    /// <summary>v2: a program in the kernel.</summary>
    public static void Attach(CgroupDirectory directory, DevicePolicy policy, bool isNew)
    {
        // Everything allowed is what a new cgroup without a program does.
        if (isNew && policy.AllowsByDefault && policy.Exceptions.Count == 0)
            return;
        int descriptor = directory.Open(default, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        if (descriptor < 0)
            throw new LinuxException(-descriptor, "open", directory.FullPath);
        try
        {
            DeviceFilter.Replace(descriptor, DeviceProgram.Assemble(policy));
        }
        finally
        {
            CgroupCalls.Close(descriptor);
        }
    }
}
