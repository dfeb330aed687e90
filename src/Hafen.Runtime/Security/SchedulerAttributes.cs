using System.Buffers.Binary;
using Hafen.Errors;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Errors;

namespace Hafen.Runtime.Security;

/// <summary><c>struct sched_attr</c> (linux/sched/types.h, first version, 48 bytes) of a specification's scheduler.</summary>
internal static class SchedulerAttributes
{
    private const int Size = 48;

    private static readonly string[] s_policies = ["SCHED_OTHER", "SCHED_FIFO", "SCHED_RR", "SCHED_BATCH", "SCHED_ISO", "SCHED_IDLE", "SCHED_DEADLINE"];

    private static readonly string[] s_flags =
    [
        "SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_RECLAIM", "SCHED_FLAG_DL_OVERRUN", "SCHED_FLAG_KEEP_POLICY", "SCHED_FLAG_KEEP_PARAMS",
        "SCHED_FLAG_UTIL_CLAMP_MIN", "SCHED_FLAG_UTIL_CLAMP_MAX",
    ];

    /// <exception cref="RuntimeException">InvalidArgument: an unknown name.</exception>
    public static byte[] Encode(SpecScheduler scheduler)
    {
        byte[] data = new byte[Size];
        ulong flags = 0;
        foreach (string flag in scheduler.Flags ?? [])
            flags |= 1UL << Index(s_flags, flag);
        BinaryPrimitives.WriteUInt32LittleEndian(data, Size);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), (uint)Index(s_policies, scheduler.Policy));
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(8), flags);
        BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(16), scheduler.Nice ?? 0);
        BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(20), scheduler.Priority ?? 0);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(24), scheduler.Runtime ?? 0);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(32), scheduler.Deadline ?? 0);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(40), scheduler.Period ?? 0);
        return data;
    }

    private static int Index(string[] names, string name)
    {
        int index = Array.IndexOf(names, name);
        return index >= 0 ? index : throw new RuntimeException(ErrorKind.InvalidParameter, "scheduler", $"unknown scheduler policy or flag {name}");
    }
}
