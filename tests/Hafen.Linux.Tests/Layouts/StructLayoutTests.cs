using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Hafen.Linux.Capabilities;
using Hafen.Linux.Cgroups;
using Hafen.Linux.Descriptors;
using Hafen.Linux.Events;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Mounts;
using Hafen.Linux.Namespaces;
using Hafen.Linux.Netlink;
using Hafen.Linux.Nftables;
using Hafen.Linux.Processes;
using Hafen.Linux.Seccomp;
using Hafen.Linux.Terminals;

namespace Hafen.Linux.Tests.Layouts;

/// <summary>Sizes, offsets and constants as the C compiler sees them in the kernel's headers.</summary>
public sealed class StructLayoutTests
{
    private static readonly string[] s_headers =
        ["stddef.h", "stdio.h", "fcntl.h", "sched.h", "sys/stat.h", "sys/syscall.h", "linux/sched.h", "linux/openat2.h", "linux/mount.h", "linux/prctl.h"];

    /// <summary>The rows: our struct, C's name of it, its header, and what C calls the fields that have names of our own. An empty name is padding.</summary>
    private static readonly Layout[] s_layouts =
    [
        new(typeof(clone_args), "struct clone_args", "linux/sched.h"),
        new(typeof(open_how), "struct open_how", "linux/openat2.h"),
        new(typeof(mount_attr), "struct mount_attr", "linux/mount.h"),
        new(typeof(nlmsghdr), "struct nlmsghdr", "linux/netlink.h"),
        new(typeof(nlattr), "struct nlattr", "linux/netlink.h"),
        new(Hidden("sockaddr_nl"), "struct sockaddr_nl", "linux/netlink.h"),
        new(typeof(ifinfomsg), "struct ifinfomsg", "linux/rtnetlink.h", ("ifi_pad", "__ifi_pad")),
        new(typeof(ifaddrmsg), "struct ifaddrmsg", "linux/if_addr.h"),
        new(typeof(rtmsg), "struct rtmsg", "linux/rtnetlink.h"),
        new(typeof(ndmsg), "struct ndmsg", "linux/neighbour.h"),
        new(Hidden("ifreq"), "struct ifreq", "net/if.h", ("rest", "")),
        new(Hidden("NetfilterTables+nfgenmsg"), "struct nfgenmsg", "linux/netfilter/nfnetlink.h"),
        new(Hidden("LegacyIptables+ipt_getinfo"), "struct ipt_getinfo", "linux/netfilter_ipv4/ip_tables.h"),
        new(Hidden("DeviceFilter+LoadAttributes"), "union bpf_attr", "linux/bpf.h") { IsPart = true },
        new(Hidden("DeviceFilter+AttachAttributes"), "union bpf_attr", "linux/bpf.h") { IsPart = true },
        new(Hidden("DeviceFilter+QueryAttributes"), "union bpf_attr", "linux/bpf.h", ("padding", "")) { IsPart = true, Within = "query." },
        new(Hidden("SeccompProgram+sock_fprog"), "struct sock_fprog", "linux/filter.h"),
        new(Hidden("SeccompLibrary+scmp_arg_cmp"), "struct scmp_arg_cmp", "seccomp.h"),
        new(Hidden("SeccompLibrary+scmp_version"), "struct scmp_version", "seccomp.h"),
        new(typeof(PollEntry), "struct pollfd", "poll.h", ("Descriptor", "fd"), ("Wanted", "events"), ("Found", "revents")),
        new(Hidden("CgroupCalls+PollEntry"), "struct pollfd", "poll.h", ("Descriptor", "fd"), ("Events", "events"), ("Returned", "revents")),
        new(typeof(TerminalAttributes), "struct termios", "termios.h"),
        new(Hidden("RawDescriptor+iovec"), "struct iovec", "sys/uio.h"),
        new(Hidden("RawDescriptor+msghdr"), "struct msghdr", "sys/socket.h"),
        new(typeof(CapabilityHeader), "struct __user_cap_header_struct", "linux/capability.h", ("Version", "version"), ("Pid", "pid")),
        new(typeof(SignalSet), "sigset_t", "signal.h", ("_first", "")),
    ];

    public static TheoryData<string> Structs => new(s_layouts.Select(layout => layout.ToString()));

    [Theory, MemberData(nameof(Structs))]
    public void Structs_have_the_layout_of_the_headers(string name)
    {
        var layout = s_layouts.Single(each => each.ToString() == name);
        var expected = new List<string>();
        var lines = new StringBuilder();
        if (!layout.IsPart)
        {
            expected.Add($"size {SizeOf(layout.Type)}");
            lines.AppendLine($"printf(\"size %zu\\n\", sizeof({layout.Name}));");
        }
        foreach (var field in layout.Type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
        {
            string its = layout.Fields.FirstOrDefault(each => each.Ours == field.Name, (Ours: field.Name, Its: field.Name)).Its;
            if (its.Length == 0)
                continue;
            expected.Add($"{field.Name} {OffsetOf(layout.Type, field)}");
            lines.AppendLine($"printf(\"{field.Name} %zu\\n\", offsetof({layout.Name}, {layout.Within}{its}));");
        }

        Assert.Equal(expected, Compile(lines.ToString(), layout.Header));
    }

    /// <summary>Two in a row are what the kernel takes of capabilities; packed on x86-64 alone are the reports of epoll.</summary>
    [Fact]
    public void What_is_laid_out_by_hand_has_the_size_of_the_headers()
    {
        Assert.Equal(
            [$"capabilities {SizeOf(typeof(CapabilityData))}", $"epoll {EpollStride} {EpollStride - sizeof(ulong)}", "cmsg 16 20 24", "ucred 12 0 4 8", "signalfd 128 0"],
            Compile(
                """
                printf("capabilities %zu\n", 2 * sizeof(struct __user_cap_data_struct));
                printf("epoll %zu %zu\n", sizeof(struct epoll_event), offsetof(struct epoll_event, data));
                printf("cmsg %zu %zu %zu\n", CMSG_LEN(0), CMSG_LEN(sizeof(int)), CMSG_SPACE(sizeof(int)));
                printf("ucred %zu %zu %zu %zu\n", sizeof(struct ucred), offsetof(struct ucred, pid), offsetof(struct ucred, uid), offsetof(struct ucred, gid));
                printf("signalfd %zu %zu\n", sizeof(struct signalfd_siginfo), offsetof(struct signalfd_siginfo, ssi_signo));

                """,
                "linux/capability.h", "sys/epoll.h", "sys/socket.h", "sys/signalfd.h"));
    }

    [Fact]
    public void Statx_has_the_layout_of_the_header()
    {
        var expected = new List<string> { $"size {Marshal.SizeOf<statx_t>()}" };
        var lines = new StringBuilder("printf(\"size %zu\\n\", sizeof(struct statx));\n");
        foreach (var field in typeof(statx_t).GetFields(BindingFlags.Public | BindingFlags.Instance))
        {
            // Time stamps are nested in C: stx_atime.tv_sec.
            string name = field.Name.EndsWith("_sec", StringComparison.Ordinal) ? field.Name[..^4] + ".tv_sec"
                : field.Name.EndsWith("_nsec", StringComparison.Ordinal) ? field.Name[..^5] + ".tv_nsec" : field.Name;
            expected.Add($"{name} {Marshal.OffsetOf<statx_t>(field.Name)}");
            lines.AppendLine($"printf(\"{name} %zu\\n\", offsetof(struct statx, {name}));");
        }

        Assert.Equal(expected, Compile(lines.ToString()));
    }

    [Fact]
    public void System_call_numbers_are_the_kernels()
    {
        var expected = new List<string>();
        var lines = new StringBuilder();
        foreach (var property in typeof(SystemCall).GetProperties(BindingFlags.Public | BindingFlags.Static))
        {
            // The installed headers may be older than the newest calls, whose numbers are the same everywhere.
            int number = (int)property.GetValue(null)!;
            lines.AppendLine($"#ifdef SYS_{property.Name}\nprintf(\"{property.Name} %d\\n\", SYS_{property.Name});\n#else\nprintf(\"{property.Name} {number}\\n\");\n#endif");
            expected.Add($"{property.Name} {number}");
        }

        Assert.True(expected.Count > 80);
        Assert.Equal(expected, Compile(lines.ToString()));
    }

    [Fact]
    public void Constants_are_the_headers()
    {
        var constants = new List<(string Name, ulong Value)>
        {
            ("O_DIRECTORY", (ulong)OpenFlags.O_DIRECTORY), ("O_NOFOLLOW", (ulong)OpenFlags.O_NOFOLLOW),
        };
        foreach (var type in new[] { typeof(OpenFlags), typeof(MountFlags), typeof(mount_attr), typeof(NamespaceFlags), typeof(ProcessControl) })
        {
            foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral))
                constants.Add((field.Name, field.GetRawConstantValue() is int number ? (ulong)(long)number : (ulong)field.GetRawConstantValue()!));
        }

        Assert.Contains(constants, constant => constant.Name == "CLONE_INTO_CGROUP");
        string lines = string.Concat(constants.Select(constant =>
            $"#ifdef {constant.Name}\nprintf(\"{constant.Name} %llu\\n\", (unsigned long long)(long long){constant.Name});\n#else\nprintf(\"{constant.Name} {constant.Value}\\n\");\n#endif\n"));
        Assert.Equal(constants.Select(constant => $"{constant.Name} {constant.Value}"), Compile(lines));
    }

    /// <summary>A type that only its room sees, by its name without the namespace.</summary>
    private static Type Hidden(string name) => typeof(clone_args).Assembly.GetTypes().Single(type => type.Namespace is { } home && type.FullName == $"{home}.{name}");

    private static int EpollStride => (int)typeof(EventList).GetField("s_stride", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!;

    // Not Marshal's: what is passed to the kernel is the struct as it lies in memory.
    private static int SizeOf(Type type) => (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static int OffsetOf(Type type, FieldInfo wanted)
    {
        int at = 0;
        foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
        {
            // Sequential: each field begins at the next multiple of its alignment.
            int size = SizeOf(field.FieldType.IsPointer ? typeof(nint) : field.FieldType), alignment = AlignmentOf(field.FieldType);
            at = (at + alignment - 1) / alignment * alignment;
            if (field == wanted)
                return at;
            at += size;
        }
        throw new ArgumentException(wanted.Name);
    }

    private static int AlignmentOf(Type type)
    {
        if (type.IsPointer)
            return nint.Size;
        var fields = type.IsPrimitive || type.IsEnum ? [] : type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance);
        return fields.Length == 0 ? SizeOf(type) : fields.Max(field => AlignmentOf(field.FieldType));
    }

    private static string[] Compile(string statements, params string[] more)
    {
        string folder = Directory.CreateTempSubdirectory("hafen-layout-").FullName;
        try
        {
            string source = Path.Combine(folder, "layout.c");
            string program = Path.Combine(folder, "layout");
            File.WriteAllText(source, "#define _GNU_SOURCE\n" + string.Concat((more.Length > 0 ? ["stddef.h", "stdio.h", .. more] : s_headers).Select(header => $"#include <{header}>\n"))
                + "int main(void) {\n" + statements + "return 0;\n}\n");
            Run("gcc", "-w", "-o", program, source);
            return Run(program).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Run(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return output;
    }

    private sealed record Layout(Type Type, string Name, string Header, params (string Ours, string Its)[] Fields)
    {
        /// <summary>Only the beginning of C's type, or of a member of it.</summary>
        public bool IsPart { get; init; }

        /// <summary>The member that is meant, with its dot.</summary>
        public string Within { get; init; } = "";

        public override string ToString() => $"{Type.DeclaringType?.Name}{(Type.DeclaringType is null ? "" : ".")}{Type.Name}";
    }
}
