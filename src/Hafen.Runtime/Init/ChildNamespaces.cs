using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Namespaces;
using Hafen.Linux.Processes;
using static Hafen.Linux.Processes.SystemCall;

namespace Hafen.Runtime.Init;

/// <summary>Steps around cgroups, namespaces and sessions.</summary>
internal static unsafe class ChildNamespaces
{
    /// <summary>A task that writes 0 into <c>tasks</c> moves itself; the kernel then needs no lock over all processes of the machine.</summary>
    public static nint JoinCgroup(int tasks)
    {
        byte zero = (byte)'0';
        nint result = Direct(write, tasks, (nint)(&zero), 1);
        return result < 0 ? result : 0;
    }

    /// <summary>
    /// Offsets can be set only before anything lives in the namespace, and unshare concerns children alone. This process has one thread,
    /// so it may enter with setns what it has made for its children.
    /// </summary>
    public static nint NewTime(ChildState* state, Step* step)
    {
        nint result = Direct(unshare, (nint)NamespaceFlags.CLONE_NEWTIME);
        if (result < 0)
            return result;
        if (step->DataLength > 0)
        {
            fixed (byte* path = "self/timens_offsets"u8)
                result = WriteFile(state->Proc, path, step->Data, step->DataLength);
            if (result < 0)
                return result;
        }

        nint file;
        fixed (byte* path = "self/ns/time_for_children"u8)
            file = Direct(openat, state->Proc, (nint)path, OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC);
        if (file < 0)
            return file;
        result = Direct(setns, file, (nint)NamespaceFlags.CLONE_NEWTIME);
        Direct(close, file);
        return result;
    }

    /// <summary>
    /// Nobody changes its own pid namespace, and what is to belong to a user namespace is made by a process of it: one more clone. CLONE_PARENT makes
    /// the result a child of the runtime's process, which learns of it from a message; this process ends. The old call, because seccomp profiles that
    /// cannot look into clone3's arguments refuse that one, and the filter may stand already.
    /// </summary>
    public static nint Descend(ChildState* state, Step* step)
    {
        const int SIGKILL = 9;
        int descriptor = -1;
        // The pidfd comes back through the third argument; the order of the last two depends on the architecture, and both are zero.
        long flags = step->Value | (long)(NamespaceFlags.CLONE_PARENT | NamespaceFlags.CLONE_PIDFD);
        nint pid = Direct(clone, (nint)(flags | step->Other), 0, (nint)(&descriptor));
        if (pid < 0 && step->Other != 0)
            pid = Direct(clone, (nint)flags, 0, (nint)(&descriptor));
        if (pid <= 0)
            return pid;
        // The number of the child here need not be its number in the parent's pid namespace; a descriptor names it anywhere.
        if (ChildReports.Send(state, ChildMessageKind.Descended, descriptor) < 0)
            Direct(pidfd_send_signal, descriptor, SIGKILL);
        Child.Exit(0);
        return 0;
    }

    public static nint BecomeRoot()
    {
        nint result = Direct(setresgid, 0, 0, 0);
        return result < 0 ? result : Direct(setresuid, 0, 0, 0);
    }

    public static nint NewSession()
    {
        nint result = Direct(setsid);
        // Already a leader: then there is nothing to leave.
        return result is < 0 and not -Errno.EPERM ? result : 0;
    }

    public static nint SessionKeyring(byte* name)
    {
        const int KEYCTL_JOIN_SESSION_KEYRING = 1;
        nint result = Direct(keyctl, KEYCTL_JOIN_SESSION_KEYRING, (nint)name);
        // A kernel without keyrings has none to protect.
        return result is < 0 and not -Errno.ENOSYS ? result : 0;
    }

    public static nint LoopbackUp()
    {
        const int AF_INET = 2, SOCK_DGRAM = 2, SOCK_CLOEXEC = 0x80000, SIOCGIFFLAGS = 0x8913, SIOCSIFFLAGS = 0x8914, IFF_UP = 1, FlagsOffset = 16;
        byte* request = stackalloc byte[40];
        for (int i = 0; i < 40; i++)
            request[i] = 0;
        request[0] = (byte)'l';
        request[1] = (byte)'o';
        nint channel = Direct(socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC);
        if (channel < 0)
            return channel;
        nint result = Direct(ioctl, channel, SIOCGIFFLAGS, (nint)request);
        if (result == 0)
        {
            *(short*)(request + FlagsOffset) |= IFF_UP;
            result = Direct(ioctl, channel, SIOCSIFFLAGS, (nint)request);
        }

        Direct(close, channel);
        return result;
    }

    public static nint WriteProc(ChildState* state, Step* step) => WriteFile(state->Proc, step->Text, step->Data, step->DataLength);

    private static nint WriteFile(int directory, byte* path, byte* data, long length)
    {
        nint file = Direct(openat, directory, (nint)path, OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC);
        if (file < 0)
            return file;
        nint result = Direct(write, file, (nint)data, (nint)length);
        Direct(close, file);
        return result < 0 ? result : 0;
    }
}
