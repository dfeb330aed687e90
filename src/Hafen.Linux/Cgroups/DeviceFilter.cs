using System.Runtime.InteropServices;

namespace Hafen.Linux.Cgroups;

/// <summary>Attaches device programs to v2 cgroups through <c>bpf(2)</c>.</summary>
internal static unsafe partial class DeviceFilter
{
    private const int BPF_PROG_LOAD = 5, BPF_PROG_ATTACH = 8, BPF_PROG_DETACH = 9, BPF_PROG_GET_FD_BY_ID = 13, BPF_PROG_QUERY = 16;
    private const uint BPF_PROG_TYPE_CGROUP_DEVICE = 15, BPF_CGROUP_DEVICE = 6, BPF_F_ALLOW_MULTI = 2;
    private const int MostPrograms = 64;

    /// <summary>
    /// Makes a program the only one of a cgroup. The new one is attached before the old ones go: the kernel asks all of them, so at no
    /// moment is more allowed than before or after.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refuses the program, or has no BPF for devices.</exception>
    public static void Replace(int cgroup, ulong[] program)
    {
        Span<uint> old = stackalloc uint[MostPrograms];
        int oldCount = Query(cgroup, old);
        int loaded = Load(program);
        try
        {
            var attach = new AttachAttributes
            {
                target_fd = (uint)cgroup,
                attach_bpf_fd = (uint)loaded,
                attach_type = BPF_CGROUP_DEVICE,
                attach_flags = BPF_F_ALLOW_MULTI,
            };
            Check(Call(BPF_PROG_ATTACH, &attach, sizeof(AttachAttributes)), "bpf(BPF_PROG_ATTACH)");
        }
        finally
        {
            CgroupCalls.Close(loaded);
        }

        foreach (uint id in old[..oldCount])
            Detach(cgroup, id);
    }

    private static int Query(int cgroup, Span<uint> ids)
    {
        fixed (uint* list = ids)
        {
            var query = new QueryAttributes
            {
                target_fd = (uint)cgroup,
                attach_type = BPF_CGROUP_DEVICE,
                prog_ids = (ulong)list,
                prog_cnt = (uint)ids.Length,
            };
            Check(Call(BPF_PROG_QUERY, &query, sizeof(QueryAttributes)), "bpf(BPF_PROG_QUERY)");
            return (int)Math.Min(query.prog_cnt, (uint)ids.Length);
        }
    }

    private static int Load(ulong[] program)
    {
        fixed (ulong* instructions = program)
        fixed (byte* license = "Apache-2.0\0"u8)
        {
            var load = new LoadAttributes
            {
                prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
                insn_cnt = (uint)program.Length,
                insns = (ulong)instructions,
                license = (ulong)license,
            };
            return Check(Call(BPF_PROG_LOAD, &load, sizeof(LoadAttributes)), "bpf(BPF_PROG_LOAD)");
        }
    }

    private static void Detach(int cgroup, uint id)
    {
        uint* byId = stackalloc uint[3] { id, 0, 0 };
        int program = Call(BPF_PROG_GET_FD_BY_ID, byId, 3 * sizeof(uint));
        // Gone in the meantime: nothing to detach.
        if (program == -Errno.ENOENT)
            return;
        Check(program, "bpf(BPF_PROG_GET_FD_BY_ID)");
        var detach = new AttachAttributes { target_fd = (uint)cgroup, attach_bpf_fd = (uint)program, attach_type = BPF_CGROUP_DEVICE };
        int result = Call(BPF_PROG_DETACH, &detach, sizeof(AttachAttributes));
        CgroupCalls.Close(program);
        Check(result, "bpf(BPF_PROG_DETACH)");
    }

    private static int Call(int command, void* attributes, int size)
    {
        nint number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 280 : 321;
        nint result = syscall(number, command, attributes, size);
        return result >= 0 ? (int)result : -Marshal.GetLastPInvokeError();
    }

    private static int Check(int result, string call) => result >= 0 ? result : throw new LinuxException(-result, call, "cgroup device filter");

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint command, void* attributes, nint size);

    // Members of union bpf_attr (linux/bpf.h), the part each command reads; the rest counts as zero.
    [StructLayout(LayoutKind.Sequential)]
    private struct LoadAttributes
    {
        public uint prog_type, insn_cnt;
        public ulong insns, license;
        public uint log_level, log_size;
        public ulong log_buf;
        public uint kern_version, prog_flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct AttachAttributes
    {
        public uint target_fd, attach_bpf_fd, attach_type, attach_flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct QueryAttributes
    {
        public uint target_fd, attach_type, query_flags, attach_flags;
        public ulong prog_ids;
        public uint prog_cnt, padding;
    }
}
