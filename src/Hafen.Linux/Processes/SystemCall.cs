using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Hafen.Linux.Processes;

/// <summary>
/// System calls by number (asm/unistd_64.h for x86-64, asm-generic/unistd.h for arm64). Both forms answer as the kernel does:
/// zero or more on success, a negative errno on failure.
/// </summary>
/// <remarks>
/// <see cref="Call"/> is for ordinary code: the garbage collector may run meanwhile. <see cref="Direct"/> skips the transition out of managed
/// code, so the thread neither announces nor waits for a collection: that is what the child of a raw clone needs, where the threads
/// that could finish a pending collection do not exist, and what suits calls that return at once. Never block in it elsewhere.
/// </remarks>
public static unsafe partial class SystemCall
{
    // A constant for the compiler on each architecture, so that no number costs a load or a class constructor.
    private static bool X64 => X86Base.IsSupported;

    public static int read => X64 ? 0 : 63;
    public static int write => X64 ? 1 : 64;
    public static int close => X64 ? 3 : 57;
    public static int lseek => X64 ? 8 : 62;
    public static int rt_sigaction => X64 ? 13 : 134;
    public static int rt_sigprocmask => X64 ? 14 : 135;
    public static int ioctl => X64 ? 16 : 29;
    public static int dup3 => X64 ? 292 : 24;
    public static int getpid => X64 ? 39 : 172;
    public static int sendfile => X64 ? 40 : 71;
    public static int socket => X64 ? 41 : 198;
    public static int connect => X64 ? 42 : 203;
    public static int sendto => X64 ? 44 : 206;
    public static int recvfrom => X64 ? 45 : 207;
    public static int sendmsg => X64 ? 46 : 211;
    public static int recvmsg => X64 ? 47 : 212;
    public static int shutdown => X64 ? 48 : 210;
    public static int socketpair => X64 ? 53 : 199;
    public static int clone => X64 ? 56 : 220;
    public static int execve => X64 ? 59 : 221;
    public static int wait4 => X64 ? 61 : 260;
    public static int kill => X64 ? 62 : 129;
    public static int fcntl => X64 ? 72 : 25;
    public static int ftruncate => X64 ? 77 : 46;
    public static int getcwd => X64 ? 79 : 17;
    public static int chdir => X64 ? 80 : 49;
    public static int fchdir => X64 ? 81 : 50;
    public static int fchmod => X64 ? 91 : 52;
    public static int fchown => X64 ? 93 : 55;
    public static int umask => X64 ? 95 : 166;
    public static int setsid => X64 ? 112 : 157;
    public static int setgroups => X64 ? 116 : 159;
    public static int setresuid => X64 ? 117 : 147;
    public static int setresgid => X64 ? 119 : 149;
    public static int capget => X64 ? 125 : 90;
    public static int capset => X64 ? 126 : 91;
    public static int personality => X64 ? 135 : 92;
    public static int statfs => X64 ? 137 : 43;
    public static int fstatfs => X64 ? 138 : 44;
    public static int setpriority => X64 ? 141 : 140;
    public static int pivot_root => X64 ? 155 : 41;
    public static int prctl => X64 ? 157 : 167;
    public static int chroot => X64 ? 161 : 51;
    public static int mount => X64 ? 165 : 40;
    public static int umount2 => X64 ? 166 : 39;
    public static int sethostname => X64 ? 170 : 161;
    public static int setdomainname => X64 ? 171 : 162;
    public static int gettid => X64 ? 186 : 178;
    public static int sched_setaffinity => X64 ? 203 : 122;
    public static int getdents64 => X64 ? 217 : 61;
    public static int exit_group => X64 ? 231 : 94;
    public static int waitid => X64 ? 247 : 95;
    public static int keyctl => X64 ? 250 : 219;
    public static int ioprio_set => X64 ? 251 : 30;
    public static int openat => X64 ? 257 : 56;
    public static int mkdirat => X64 ? 258 : 34;
    public static int mknodat => X64 ? 259 : 33;
    public static int fchownat => X64 ? 260 : 54;
    public static int unlinkat => X64 ? 263 : 35;
    public static int symlinkat => X64 ? 266 : 36;
    public static int readlinkat => X64 ? 267 : 78;
    public static int fchmodat => X64 ? 268 : 53;
    public static int ppoll => X64 ? 271 : 73;
    public static int unshare => X64 ? 272 : 97;
    public static int utimensat => X64 ? 280 : 88;
    public static int prlimit64 => X64 ? 302 : 261;
    public static int setns => X64 ? 308 : 268;
    public static int sched_setattr => X64 ? 314 : 274;
    public static int renameat2 => X64 ? 316 : 276;
    public static int seccomp => X64 ? 317 : 277;
    public static int memfd_create => X64 ? 319 : 279;
    public static int execveat => X64 ? 322 : 281;
    public static int copy_file_range => X64 ? 326 : 285;
    public static int statx => X64 ? 332 : 291;
    public static int pidfd_send_signal => 424;
    public static int open_tree => 428;
    public static int move_mount => 429;
    public static int fsopen => 430;
    public static int fsconfig => 431;
    public static int fsmount => 432;
    public static int pidfd_open => 434;
    public static int clone3 => 435;
    public static int close_range => 436;
    public static int openat2 => 437;
    public static int faccessat2 => 439;
    public static int mount_setattr => 442;

    /// <summary>A system call from ordinary code.</summary>
    /// <returns>The kernel's answer, or a negative errno.</returns>
    public static nint Call(int number, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0, nint f = 0)
    {
        nint result = CallLibc(number, a, b, c, d, e, f);
        return result == -1 ? -Marshal.GetLastPInvokeError() : result;
    }

    /// <summary>A system call that the garbage collector does not hear of; see the remarks of the class.</summary>
    /// <returns>The kernel's answer, or a negative errno.</returns>
    public static nint Direct(int number, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0, nint f = 0)
    {
        nint result = DirectLibc(number, a, b, c, d, e, f);
        return result == -1 ? -*ErrnoLocation() : result;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint CallLibc(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [LibraryImport("libc", EntryPoint = "syscall")]
    [SuppressGCTransition]
    private static partial nint DirectLibc(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [LibraryImport("libc", EntryPoint = "__errno_location")]
    [SuppressGCTransition]
    private static partial int* ErrnoLocation();
}
