using System.Text.Json;
using Hafen.Oci.Runtime;

namespace Hafen.Runtime.Tests.EndToEnd;

/// <summary>A bundle with a static busybox as root, its own state folder and container ID. Disposing removes the container and everything else.</summary>
internal sealed class Bundle : IDisposable
{
    private static int s_count;

    public Bundle()
    {
        Folder = Directory.CreateTempSubdirectory("hafen-bundle-").FullName;
        File.SetUnixFileMode(Folder, (UnixFileMode)0x1ED);
        Id = $"hafen-test-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";
        foreach (string folder in (string[])["bin", "etc", "tmp", "proc", "sys", "dev"])
            Directory.CreateDirectory(Path.Combine(Root, folder));
        File.Copy("/bin/busybox", Path.Combine(Root, "bin/busybox"));
        foreach (string tool in (string[])["sh", "cat", "id", "ls", "echo", "true", "sleep", "env", "mount", "touch", "readlink", "grep", "stat", "tty", "hostname", "mkdir", "wc", "test", "pwd", "stty", "dd", "head", "cut", "ip"])
            File.CreateSymbolicLink(Path.Combine(Root, "bin", tool), "busybox");
        File.WriteAllText(Path.Combine(Root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:a user:/home/user:/bin/sh\n");
        Spec = Default();
    }

    public string Folder { get; }
    public string Root => Path.Combine(Folder, "rootfs");
    public string States => Path.Combine(Folder, "states");
    public string Id { get; }
    public RuntimeSpec Spec { get; set; }

    public SpecProcess Process
    {
        get => Spec.Process!;
        set => Spec = Spec with { Process = value };
    }

    public SpecLinux Linux
    {
        get => Spec.Linux!;
        set => Spec = Spec with { Linux = value };
    }

    /// <summary>Runs a shell script as the container's process.</summary>
    public Outcome Shell(string script, params string[] options)
    {
        Process = Process with { Args = ["sh", "-c", script] };
        return Run(options);
    }

    public Outcome Run(params string[] options)
    {
        Save();
        return Verb(["run", .. options, Id]);
    }

    /// <summary>Creates and starts a container that sleeps.</summary>
    public void StartSleeping()
    {
        Process = Process with { Args = ["sleep", "1000"] };
        Save();
        Assert.Equal(0, Verb("create", Id).Code);
        _ = Verb("start", Id).Good;
    }

    public Outcome Exec(params string[] arguments) => Verb(["exec", .. arguments]);

    public Outcome Verb(params string[] arguments) => NativeRuntime.Run(Folder, ["--root", States, .. arguments]);

    public void Save() => Save(Folder, Spec);

    /// <summary>Makes a folder a bundle, and gives it back.</summary>
    public static string Save(string folder, RuntimeSpec spec)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "config.json"), JsonSerializer.SerializeToUtf8Bytes(spec, RuntimeSpecJson.Default.RuntimeSpec));
        return folder;
    }

    public void AddMount(string destination, string type, string source, params string[] options) =>
        Spec = Spec with { Mounts = [.. Spec.Mounts!, new SpecMount { Destination = destination, Type = type, Source = source, Options = options }] };

    public void Dispose()
    {
        if (Directory.Exists(Path.Combine(States, Id)))
            Verb("delete", "--force", Id);
        Directory.Delete(Folder, recursive: true);
    }

    private RuntimeSpec Default() => new()
    {
        OciVersion = "1.0.2",
        Root = new SpecRoot { Path = "rootfs" },
        Process = new SpecProcess
        {
            User = new SpecUser(),
            Args = ["true"],
            Env = ["PATH=/bin"],
            Cwd = "/",
            NoNewPrivileges = true,
            Capabilities = new SpecCapabilities
            {
                Bounding = ["CAP_CHOWN", "CAP_KILL", "CAP_SETUID"],
                Permitted = ["CAP_CHOWN", "CAP_KILL", "CAP_SETUID"],
                Effective = ["CAP_CHOWN", "CAP_KILL", "CAP_SETUID"],
            },
        },
        Mounts =
        [
            Mount("/proc", "proc", "proc"),
            Mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
            Mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"),
            Mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
            Mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"),
        ],
        Linux = new SpecLinux
        {
            CgroupsPath = $"/{CgroupParents.Name}/{Id}",
            Namespaces = [.. new[] { "pid", "network", "ipc", "uts", "mount", "cgroup" }.Select(type => new SpecNamespace { Type = type })],
        },
    };

    private static SpecMount Mount(string destination, string type, string source, params string[] options) =>
        new() { Destination = destination, Type = type, Source = source, Options = options };
}
