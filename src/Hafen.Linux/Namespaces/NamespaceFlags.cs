namespace Hafen.Linux.Namespaces;

/// <summary>Namespace bits of clone3(2), unshare(2) and setns(2), and the other clone flags that are used here (linux/sched.h).</summary>
public static class NamespaceFlags
{
    public const ulong CLONE_NEWTIME = 0x80, CLONE_NEWNS = 0x20000, CLONE_NEWCGROUP = 0x2000000, CLONE_NEWUTS = 0x4000000,
        CLONE_NEWIPC = 0x8000000, CLONE_NEWUSER = 0x10000000, CLONE_NEWPID = 0x20000000, CLONE_NEWNET = 0x40000000;

    public const ulong CLONE_PIDFD = 0x1000, CLONE_PARENT = 0x8000, CLONE_CLEAR_SIGHAND = 0x100000000, CLONE_INTO_CGROUP = 0x200000000;

    /// <summary>The flag of a runtime-spec namespace type; 0 for a type that is not known.</summary>
    public static ulong FromType(string type) => type switch
    {
        "mount" => CLONE_NEWNS,
        "cgroup" => CLONE_NEWCGROUP,
        "uts" => CLONE_NEWUTS,
        "ipc" => CLONE_NEWIPC,
        "user" => CLONE_NEWUSER,
        "pid" => CLONE_NEWPID,
        "network" => CLONE_NEWNET,
        "time" => CLONE_NEWTIME,
        _ => 0,
    };

    /// <summary>The file below <c>/proc/PID/ns</c> of a runtime-spec namespace type.</summary>
    public static string FileName(string type) => type switch
    {
        "mount" => "mnt",
        "network" => "net",
        _ => type,
    };
}
