namespace Hafen.Linux.Capabilities;

/// <summary>The kernel's capabilities (linux/capability.h): number and <c>CAP_…</c> name.</summary>
public static class CapabilityNames
{
    private static readonly string[] Table =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW",
        "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT",
        "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD",
        "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG",
        "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    /// <summary>All names, the index is the number.</summary>
    public static IReadOnlyList<string> All => Table;

    /// <summary>The name of a number, or null when it is not in the table.</summary>
    public static string? Name(int number) => (uint)number < (uint)Table.Length ? Table[number] : null;

    /// <summary>The number of a name spelled <c>CAP_…</c> in capitals, or -1.</summary>
    public static int Number(string name) => Array.IndexOf(Table, name);

    /// <summary>Brings Docker's spellings (<c>net_admin</c>, <c>CAP_NET_ADMIN</c>, <c>all</c>) to <c>CAP_NET_ADMIN</c> or <c>ALL</c>.</summary>
    public static string Normalize(string name)
    {
        string upper = name.ToUpperInvariant();
        return upper == "ALL" || upper.StartsWith("CAP_", StringComparison.Ordinal) ? upper : "CAP_" + upper;
    }

    /// <summary>The names whose bits are set, in the order of their numbers; unnamed bits are left out.</summary>
    public static string[] FromMask(ulong mask)
    {
        var names = new List<string>(Table.Length);
        for (int i = 0; i < Table.Length; i++)
            if ((mask & (1UL << i)) != 0)
                names.Add(Table[i]);
        return [.. names];
    }
}
