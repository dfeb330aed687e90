namespace Hafen.Linux.Seccomp;

/// <summary>The specification's action names as the kernel's return values (linux/seccomp.h).</summary>
internal static class SeccompAction
{
    public const uint Errno = 0x0005_0000, Allow = 0x7FFF_0000, Log = 0x7FFC_0000, Trace = 0x7FF0_0000, Notify = 0x7FC0_0000;

    public static uint Parse(string action, uint? errno) => action switch
    {
        "SCMP_ACT_KILL" or "SCMP_ACT_KILL_THREAD" => 0,
        "SCMP_ACT_KILL_PROCESS" => 0x8000_0000,
        "SCMP_ACT_TRAP" => 0x0003_0000,
        "SCMP_ACT_ERRNO" => Errno | (errno ?? Linux.Errno.EPERM) & 0xFFFF,
        "SCMP_ACT_TRACE" => Trace | (errno ?? Linux.Errno.EPERM) & 0xFFFF,
        "SCMP_ACT_LOG" => Log,
        "SCMP_ACT_ALLOW" => Allow,
        "SCMP_ACT_NOTIFY" => Notify,
        _ => throw new SeccompException($"string {action} is not a valid action for seccomp"),
    };

    /// <summary>Whether a call that nobody thought of is carried out: then there is nothing to soften with ENOSYS.</summary>
    public static bool LetsPass(uint action) => action is Allow or Log || (action & 0xFFFF_0000) == Trace;
}
