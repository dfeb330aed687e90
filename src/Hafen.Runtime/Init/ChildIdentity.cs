using Hafen.Linux;
using Hafen.Linux.Capabilities;
using Hafen.Linux.Processes;
using static Hafen.Linux.Processes.SystemCall;

namespace Hafen.Runtime.Init;

/// <summary>Who the process is and what it may do.</summary>
internal static unsafe class ChildIdentity
{
    public static nint ResourceLimit(Step* step)
    {
        ulong* limit = stackalloc ulong[2];
        limit[0] = (ulong)step->Value;
        limit[1] = (ulong)step->Other;
        nint result = Direct(prlimit64, 0, step->Number, (nint)limit);
        if (result != -Errno.EPERM)
            return result;
        // Raising the hard limit needs CAP_SYS_RESOURCE; a limit that stands already needs nothing.
        ulong* current = stackalloc ulong[2];
        if (Direct(prlimit64, 0, step->Number, 0, (nint)current) == 0 && current[0] == limit[0] && current[1] == limit[1])
            return 0;
        return result;
    }

    /// <summary>For a limit that counts processes: it is set when no more are to be made on the way, but raising it needs a right that is gone by then.</summary>
    public static nint LiftLimit(Step* step)
    {
        ulong* limit = stackalloc ulong[2];
        nint result = Direct(prlimit64, 0, step->Number, 0, (nint)limit);
        if (result < 0 || (limit[0] >= (ulong)step->Other && limit[1] >= (ulong)step->Other))
            return result;
        limit[0] = limit[0] < (ulong)step->Other ? (ulong)step->Other : limit[0];
        limit[1] = limit[1] < (ulong)step->Other ? (ulong)step->Other : limit[1];
        Direct(prlimit64, 0, step->Number, (nint)limit);
        // What cannot be raised is said by the step that sets the limit.
        return 0;
    }

    public static nint InstallFilter(Step* step)
    {
        const int SECCOMP_SET_MODE_FILTER = 1, InstructionSize = 8;
        // struct sock_fprog: a 16-bit count, padding, a pointer.
        ulong* program = stackalloc ulong[2];
        program[0] = (ulong)(step->DataLength / InstructionSize);
        program[1] = (ulong)step->Data;
        return Direct(seccomp, SECCOMP_SET_MODE_FILTER, (nint)step->Value, (nint)program);
    }

    public static nint BoundingSet(Step* step)
    {
        for (int capability = 0; capability <= step->Number; capability++)
        {
            if (((ulong)step->Value & (1UL << capability)) != 0)
                continue;
            // What is out already cannot be dropped again by those without CAP_SETPCAP, and need not be.
            if (Direct(prctl, ProcessControl.PR_CAPBSET_READ, capability) == 0)
                continue;
            nint result = Direct(prctl, ProcessControl.PR_CAPBSET_DROP, capability);
            if (result < 0)
                return result;
        }

        return 0;
    }

    /// <summary>
    /// Groups before user, while the right to set them is there; always, so that no group of the runtime's caller stays (CVE-2022-36109's class).
    /// The raw calls concern this task alone: libc's would signal threads that the child does not have.
    /// </summary>
    public static nint BecomeUser(Step* step)
    {
        nint result = Direct(prctl, ProcessControl.PR_SET_KEEPCAPS, 1);
        if (result < 0)
            return result;
        result = Direct(setgroups, (nint)(step->DataLength / sizeof(uint)), (nint)step->Data);
        // A user namespace that denies setgroups has no group of the host to keep either, unless some were asked for.
        if (result == -Errno.EPERM && step->DataLength == 0 && step->Number != 0)
            result = 0;
        if (result < 0)
            return result;
        result = Direct(setresgid, (nint)step->Other, (nint)step->Other, (nint)step->Other);
        if (result < 0)
            return result;
        result = Direct(setresuid, (nint)step->Value, (nint)step->Value, (nint)step->Value);
        return result < 0 ? result : Direct(prctl, ProcessControl.PR_SET_KEEPCAPS, 0);
    }

    /// <summary>Permitted, inheritable and effective in one call, then the ambient ones, which must lie within both (capabilities(7)).</summary>
    public static nint SetCapabilities(Step* step)
    {
        var sets = (CapabilitySets*)step->Data;
        CapabilityHeader header;
        header.Version = CapabilityHeader.Version3;
        header.Pid = 0;
        CapabilityData data;
        data.Effective0 = (uint)sets->Effective;
        data.Permitted0 = (uint)sets->Permitted;
        data.Inheritable0 = (uint)sets->Inheritable;
        data.Effective1 = (uint)(sets->Effective >> 32);
        data.Permitted1 = (uint)(sets->Permitted >> 32);
        data.Inheritable1 = (uint)(sets->Inheritable >> 32);
        nint result = Direct(capset, (nint)(&header), (nint)(&data));
        if (result < 0)
            return result;
        result = Direct(prctl, ProcessControl.PR_CAP_AMBIENT, ProcessControl.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
        if (result < 0 && result != -Errno.EINVAL)
            return result;
        for (int capability = 0; capability < 64; capability++)
        {
            if ((sets->Ambient & (1UL << capability)) == 0)
                continue;
            result = Direct(prctl, ProcessControl.PR_CAP_AMBIENT, ProcessControl.PR_CAP_AMBIENT_RAISE, capability, 0, 0);
            if (result < 0)
                return result;
        }

        return 0;
    }
}
