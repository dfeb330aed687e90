using Hafen.Oci.Runtime;

namespace Hafen.Linux.Seccomp;

/// <summary>
/// The built-in profile: the rules that Docker's default has, as a table. Everything not named fails with EPERM; <c>clone3</c>, whose
/// flags a filter cannot see, fails with ENOSYS, so that libraries fall back to <c>clone</c>.
/// </summary>
internal static class DefaultSeccompProfile
{
    private const string Allow = "SCMP_ACT_ALLOW", Fail = "SCMP_ACT_ERRNO";

    /// <summary>All <c>CLONE_NEW…</c> flags but the time namespace's: without CAP_SYS_ADMIN none may be set.</summary>
    private const ulong NamespaceFlags = 0x7E02_0000;

    /// <summary>Address family 40: a virtual machine's channel to its hypervisor, which network namespaces do not confine.</summary>
    private const ulong AF_VSOCK = 40;

    /// <summary>Address family 38: the kernel's crypto interface, kept from containers for its record of flaws.</summary>
    private const ulong AF_ALG = 38;

    /// <summary>Allowed for every container.</summary>
    private const string Always = """
        accept accept4 access adjtimex alarm bind brk cachestat capget capset chdir chmod chown chown32 clock_adjtime
        clock_adjtime64 clock_getres clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep clock_nanosleep_time64
        close close_range connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_ctl_old
        epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2 execve execveat exit exit_group faccessat
        faccessat2 fadvise64 fadvise64_64 fallocate fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchown32 fchownat
        fcntl fcntl64 fdatasync fgetxattr flistxattr flock fork fremovexattr fsetxattr fstat fstat64 fstatat64 fstatfs
        fstatfs64 fsync ftruncate ftruncate64 futex futex_requeue futex_time64 futex_wait futex_waitv futex_wake futimesat
        getcpu getcwd getdents getdents64 getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getitimer
        getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid getresgid32 getresuid getresuid32 getrlimit
        get_robust_list getrusage getsid getsockname getsockopt get_thread_area gettid gettimeofday getuid getuid32 getxattr
        getxattrat inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel ioctl io_destroy io_getevents
        io_pgetevents io_pgetevents_time64 ioprio_get ioprio_set io_setup io_submit ipc kill landlock_add_rule
        landlock_create_ruleset landlock_restrict_self lchown lchown32 lgetxattr link linkat listen listmount listxattr
        listxattrat llistxattr _llseek lremovexattr lseek lsetxattr lstat lstat64 madvise map_shadow_stack membarrier
        memfd_create memfd_secret mincore mkdir mkdirat mknod mknodat mlock mlock2 mlockall mmap mmap2 mprotect mq_getsetattr
        mq_notify mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink mremap mseal
        msgctl msgget msgrcv msgsnd msync munlock munlockall munmap name_to_handle_at nanosleep newfstatat _newselect open
        openat openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll
        ppoll_time64 prctl pread64 preadv preadv2 prlimit64 process_mrelease pselect6 pselect6_time64 pwrite64 pwritev
        pwritev2 read readahead readlink readlinkat readv recv recvfrom recvmmsg recvmmsg_time64 recvmsg remap_file_pages
        removexattr removexattrat rename renameat renameat2 restart_syscall riscv_hwprobe rmdir rseq rt_sigaction
        rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64
        rt_tgsigqueueinfo sched_getaffinity sched_getattr sched_getparam sched_get_priority_max sched_get_priority_min
        sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64 sched_setaffinity sched_setattr sched_setparam
        sched_setscheduler sched_yield seccomp select semctl semget semop semtimedop semtimedop_time64 send sendfile
        sendfile64 sendmmsg sendmsg sendto setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32
        setitimer setpgid setpriority setregid setregid32 setresgid setresgid32 setresuid setresuid32 setreuid setreuid32
        setrlimit set_robust_list setsid setsockopt set_thread_area set_tid_address setuid setuid32 setxattr setxattrat shmat
        shmctl shmdt shmget shutdown sigaltstack signalfd signalfd4 sigprocmask sigreturn socketcall socketpair splice stat
        stat64 statfs statfs64 statmount statx symlink symlinkat sync sync_file_range syncfs sysinfo tee tgkill time
        timer_create timer_delete timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64 timerfd_create
        timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64 times tkill truncate truncate64 ugetrlimit umask
        uname unlink unlinkat uretprobe utime utimensat utimensat_time64 utimes vfork vmsplice wait4 waitid waitpid write
        writev
        """;

    public static SeccompProfile Instance { get; } = new()
    {
        DefaultAction = Fail,
        DefaultErrnoRet = Errno.EPERM,
        ArchMap = Architectures(),
        Rules = [.. Rules()],
    };

    private static IEnumerable<SeccompRule> Rules()
    {
        yield return Rule(Always);
        // Before 4.8 ptrace could be used to get around a filter.
        yield return Rule("process_vm_readv process_vm_writev ptrace") with { Includes = new(MinKernel: new KernelVersion(4, 8)) };

        yield return When("socket", 0, "SCMP_CMP_LT", AF_ALG);
        yield return When("socket", 0, "SCMP_CMP_EQ", AF_ALG + 1);
        yield return When("socket", 0, "SCMP_CMP_GT", AF_VSOCK);

        // PER_LINUX, PER_LINUX32, UNAME26 with each, and the query.
        foreach (ulong persona in new ulong[] { 0x0, 0x8, 0x20000, 0x20008, 0xFFFF_FFFF })
            yield return When("personality", 0, "SCMP_CMP_EQ", persona);

        yield return On("sync_file_range2 swapcontext", "ppc64le");
        yield return On("arm_fadvise64_64 arm_sync_file_range sync_file_range2 breakpoint cacheflush set_tls", "arm", "arm64");
        yield return On("arch_prctl", "amd64", "x32");
        yield return On("modify_ldt", "amd64", "x32", "x86");
        yield return On("s390_pci_mmio_read s390_pci_mmio_write s390_runtime_instr", "s390", "s390x");
        yield return On("riscv_flush_icache", "riscv64");

        yield return With("CAP_DAC_READ_SEARCH", "open_by_handle_at");
        yield return With("CAP_SYS_ADMIN", """
            bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie lsm_get_self_attr lsm_list_modules
            lsm_set_self_attr mount mount_setattr move_mount open_tree perf_event_open quotactl quotactl_fd setdomainname
            sethostname setns syslog umount umount2 unshare
            """);

        // Without it, clone may make no namespaces. s390 has the flags in its second argument.
        yield return When("clone", 0, "SCMP_CMP_MASKED_EQ", NamespaceFlags) with { Excludes = new(["CAP_SYS_ADMIN"], ["s390", "s390x"]) };
        yield return When("clone", 1, "SCMP_CMP_MASKED_EQ", NamespaceFlags) with
        {
            Includes = new(Arches: ["s390", "s390x"]),
            Excludes = new(["CAP_SYS_ADMIN"]),
        };
        yield return Rule("clone3") with { Action = Fail, ErrnoRet = Errno.ENOSYS, Excludes = new(["CAP_SYS_ADMIN"]) };

        yield return With("CAP_SYS_BOOT", "reboot");
        yield return With("CAP_SYS_CHROOT", "chroot");
        yield return With("CAP_SYS_MODULE", "delete_module init_module finit_module");
        yield return With("CAP_SYS_PACCT", "acct");
        yield return With("CAP_SYS_PTRACE", "kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace");
        yield return With("CAP_SYS_RAWIO", "iopl ioperm");
        yield return With("CAP_SYS_TIME", "settimeofday stime clock_settime clock_settime64");
        yield return With("CAP_SYS_TTY_CONFIG", "vhangup");
        yield return With("CAP_SYS_NICE", "get_mempolicy mbind set_mempolicy set_mempolicy_home_node");
        yield return With("CAP_SYSLOG", "syslog");
        yield return With("CAP_BPF", "bpf");
        yield return With("CAP_PERFMON", "perf_event_open");
    }

    private static Dictionary<string, string[]> Architectures() => new()
    {
        ["SCMP_ARCH_X86_64"] = ["SCMP_ARCH_X86", "SCMP_ARCH_X32"],
        ["SCMP_ARCH_AARCH64"] = ["SCMP_ARCH_ARM"],
        ["SCMP_ARCH_MIPS64"] = ["SCMP_ARCH_MIPS", "SCMP_ARCH_MIPS64N32"],
        ["SCMP_ARCH_MIPS64N32"] = ["SCMP_ARCH_MIPS", "SCMP_ARCH_MIPS64"],
        ["SCMP_ARCH_MIPSEL64"] = ["SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64N32"],
        ["SCMP_ARCH_MIPSEL64N32"] = ["SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64"],
        ["SCMP_ARCH_S390X"] = ["SCMP_ARCH_S390"],
        ["SCMP_ARCH_RISCV64"] = [],
        ["SCMP_ARCH_LOONGARCH64"] = [],
    };

    private static SeccompRule Rule(string names) =>
        new() { Names = names.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries), Action = Allow };

    private static SeccompRule With(string capability, string names) => Rule(names) with { Includes = new([capability]) };

    private static SeccompRule On(string names, params string[] architectures) => Rule(names) with { Includes = new(Arches: architectures) };

    private static SeccompRule When(string name, uint argument, string comparison, ulong value) =>
        Rule(name) with { Args = [new SpecSyscallArgument { Index = argument, Op = comparison, Value = value }] };
}
