using System.Runtime.InteropServices;

namespace Hafen.Linux.Seccomp;

/// <summary>The calls of libseccomp (seccomp.h), bound at first use.</summary>
internal static unsafe partial class SeccompLibrary
{
    private const string Library = "libseccomp.so.2";

    /// <summary><c>__NR_SCMP_ERROR</c>: no such system call. Smaller numbers stand for calls another architecture has.</summary>
    public const int NoSuchSyscall = -1;

    public const uint SCMP_FLTATR_CTL_NNP = 3, SCMP_FLTATR_CTL_OPTIMIZE = 8;

    /// <summary><c>struct scmp_arg_cmp</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct scmp_arg_cmp
    {
        public uint arg;
        public int op;
        public ulong datum_a;
        public ulong datum_b;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct scmp_version
    {
        public uint major, minor, micro;
    }

    [LibraryImport(Library)]
    public static partial scmp_version* seccomp_version();

    [LibraryImport(Library)]
    public static partial nint seccomp_init(uint def_action);

    [LibraryImport(Library)]
    public static partial void seccomp_release(nint ctx);

    [LibraryImport(Library)]
    public static partial uint seccomp_arch_native();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint seccomp_arch_resolve_name(string arch_name);

    [LibraryImport(Library)]
    public static partial int seccomp_arch_add(nint ctx, uint arch_token);

    [LibraryImport(Library)]
    public static partial int seccomp_attr_set(nint ctx, uint attr, uint value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int seccomp_syscall_resolve_name(string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int seccomp_syscall_resolve_name_arch(uint arch_token, string name);

    [LibraryImport(Library)]
    public static partial byte* seccomp_syscall_resolve_num_arch(uint arch_token, int num);

    [LibraryImport(Library)]
    public static partial int seccomp_rule_add_array(nint ctx, uint action, int syscall, uint arg_cnt, scmp_arg_cmp* arg_array);

    [LibraryImport(Library)]
    public static partial int seccomp_export_bpf(nint ctx, int fd);

    [LibraryImport("libc")]
    public static partial void free(void* memory);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int memfd_create(string name, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint pread(int fd, byte* buffer, nuint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    public static partial long lseek(int fd, long offset, int whence);

    [LibraryImport("libc")]
    public static partial int close(int fd);
}
