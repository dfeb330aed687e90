namespace Hafen.Linux.Processes;

/// <summary><c>struct clone_args</c> (linux/sched.h), the 88 bytes that know of cgroups.</summary>
public struct clone_args
{
    public ulong flags;
    public ulong pidfd;
    public ulong child_tid;
    public ulong parent_tid;
    public ulong exit_signal;
    public ulong stack;
    public ulong stack_size;
    public ulong tls;
    public ulong set_tid;
    public ulong set_tid_size;
    public ulong cgroup;
}
