namespace Hafen.Linux.Capabilities;

/// <summary>The kernel's capabilities (linux/capability.h): number and <c>CAP_…</c> name.</summary>
public static class CapabilityNames
{
    private static readonly string[] s_table =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW",
        "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT",
        "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD",
        "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG",
        "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    /// <summary>All names, the index is the number.</summary>
    public static IReadOnlyList<string> All => s_table;

    /// <summary>The name of a number, or null when it is not in the table.</summary>
    public static string? Name(int number) => (uint)number < (uint)s_table.Length ? s_table[number] : null;

    /// <summary>The number of a name spelled <c>CAP_…</c> in capitals, or -1.</summary>
    public static int Number(string name) => Array.IndexOf(s_table, name);

    /// <summary>Brings Docker's spellings (<c>net_admin</c>, <c>CAP_NET_ADMIN</c>, <c>all</c>) to <c>CAP_NET_ADMIN</c> or <c>ALL</c>.</summary>
    public static string Normalize(string name)
    {
        string upper = name.ToUpperInvariant();
        return upper == "ALL" || upper.StartsWith("CAP_", StringComparison.Ordinal) ? upper : "CAP_" + upper;
    }

    /// <summary>The names whose bits are set, in the order of their numbers; unnamed bits are left out.</summary>
    public static string[] FromMask(ulong mask)
    {
        var names = new List<string>(s_table.Length);
        for (int i = 0; i < s_table.Length; i++)
        {
            if ((mask & (1UL << i)) != 0)
                names.Add(s_table[i]);
        }
        return [.. names];
    }
}
