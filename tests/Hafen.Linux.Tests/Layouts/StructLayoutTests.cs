using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Mounts;
using Hafen.Linux.Namespaces;
using Hafen.Linux.Processes;

namespace Hafen.Linux.Tests.Layouts;

/// <summary>Sizes, offsets and constants as the C compiler sees them in the kernel's headers.</summary>
public sealed class StructLayoutTests
{
    private static readonly string[] Headers =
        ["stddef.h", "stdio.h", "fcntl.h", "sched.h", "sys/stat.h", "sys/syscall.h", "linux/sched.h", "linux/openat2.h", "linux/mount.h", "linux/prctl.h"];

    private static readonly Dictionary<Type, string> Structs = new()
    {
        [typeof(clone_args)] = "struct clone_args",
        [typeof(open_how)] = "struct open_how",
        [typeof(mount_attr)] = "struct mount_attr",
    };

    [Fact]
    public void Structs_have_the_layout_of_the_headers()
    {
        var expected = new List<string>();
        var lines = new StringBuilder();
        foreach (var (type, name) in Structs)
        {
            expected.Add($"{name} {Marshal.SizeOf(type)}");
            lines.AppendLine($"printf(\"{name} %zu\\n\", sizeof({name}));");
            foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Instance))
            {
                expected.Add($"{name}.{field.Name} {Marshal.OffsetOf(type, field.Name)}");
                lines.AppendLine($"printf(\"{name}.{field.Name} %zu\\n\", offsetof({name}, {field.Name}));");
            }
        }

        Assert.Equal(expected, Compile(lines.ToString()));
    }

    [Fact]
    public void Statx_has_the_layout_of_the_header()
    {
        var expected = new List<string> { $"size {Marshal.SizeOf<statx_t>()}" };
        var lines = new StringBuilder("printf(\"size %zu\\n\", sizeof(struct statx));\n");
        foreach (var field in typeof(statx_t).GetFields(BindingFlags.Public | BindingFlags.Instance))
        {
            // Time stamps are nested in C: stx_atime.tv_sec.
            var name = field.Name.EndsWith("_sec", StringComparison.Ordinal) ? field.Name[..^4] + ".tv_sec"
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
            var number = (int)property.GetValue(null)!;
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
        var lines = string.Concat(constants.Select(constant =>
            $"#ifdef {constant.Name}\nprintf(\"{constant.Name} %llu\\n\", (unsigned long long)(long long){constant.Name});\n#else\nprintf(\"{constant.Name} {constant.Value}\\n\");\n#endif\n"));
        Assert.Equal(constants.Select(constant => $"{constant.Name} {constant.Value}"), Compile(lines));
    }

    private static string[] Compile(string statements)
    {
        var folder = Directory.CreateTempSubdirectory("hafen-layout-").FullName;
        try
        {
            var source = Path.Combine(folder, "layout.c");
            var program = Path.Combine(folder, "layout");
            File.WriteAllText(source, "#define _GNU_SOURCE\n" + string.Concat(Headers.Select(header => $"#include <{header}>\n"))
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
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return output;
    }
}
