using Hafen.Errors;
using Hafen.Linux.Namespaces;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Errors;

namespace Hafen.Runtime.Create;

/// <summary>What is wrong with a specification, found before anything changes. Pure.</summary>
internal static class SpecCheck
{
    /// <exception cref="RuntimeException">InvalidArgument.</exception>
    public static void Container(RuntimeSpec spec)
    {
        if (!spec.OciVersion.StartsWith("1.", StringComparison.Ordinal))
            throw Wrong($"ociVersion {spec.OciVersion} is not supported");
        if (spec.Root is null || spec.Root.Path.Length == 0)
            throw Wrong("root must be specified");
        if (spec.Linux is not { } linux)
            throw Wrong("linux must be specified");
        Process(spec.Process ?? throw Wrong("process must be specified"));
        Namespaces(linux);
        if (linux.MountLabel is { Length: > 0 } label)
            throw Wrong($"mountLabel {label} is not supported");
        if (linux.IntelRdt is not null)
            throw Wrong("intelRdt is not supported");
        if (linux.MemoryPolicy is not null)
            throw Wrong("memoryPolicy is not supported");
        if (linux.NetDevices is not null)
            throw Wrong("netDevices is not supported");
        if ((spec.Hostname is { Length: > 0 } || spec.Domainname is { Length: > 0 }) && Find(linux, "uts") is null)
            throw Wrong("unable to set hostname without a private UTS namespace");
        if (linux.TimeOffsets is { Count: > 0 } && Find(linux, "time") is not { Path: null or "" })
            throw Wrong("timeOffsets need a new time namespace");
    }

    /// <exception cref="RuntimeException">InvalidArgument.</exception>
    public static void Process(SpecProcess process)
    {
        if (process.Args is not { Length: > 0 } arguments)
            throw Wrong("args must not be empty");
        if (!process.Cwd.StartsWith('/'))
            throw Wrong($"cwd must be an absolute path, not \"{process.Cwd}\"");
        NoZero(process.Cwd, "cwd");
        foreach (string text in arguments)
            NoZero(text, "args");
        foreach (string text in process.Env ?? [])
            NoZero(text, "env");
        if (process.OomScoreAdj is < -1000 or > 1000)
            throw Wrong($"oomScoreAdj {process.OomScoreAdj} is outside -1000 to 1000");
    }

    public static SpecNamespace? Find(SpecLinux linux, string type) => Array.Find(linux.Namespaces ?? [], n => n.Type == type);

    private static void Namespaces(SpecLinux linux)
    {
        ulong seen = 0UL;
        foreach (var entry in linux.Namespaces ?? [])
        {
            ulong flag = NamespaceFlags.FromType(entry.Type);
            if (flag == 0)
                throw Wrong($"unknown namespace type {entry.Type}");
            if ((seen & flag) != 0)
                throw Wrong($"malformed spec file: duplicated ns {entry.Type}");
            seen |= flag;
            if (entry.Path is { Length: > 0 } path && !path.StartsWith('/'))
                throw Wrong($"namespace path {path} is not absolute");
        }

        if (Find(linux, "mount") is not { } mount)
            throw Wrong("a container without a mount namespace of its own is not supported");
        if (mount.Path is { Length: > 0 })
            throw Wrong("joining an existing mount namespace is not supported");
        var user = Find(linux, "user");
        bool mapped = linux.UidMappings is { Length: > 0 } && linux.GidMappings is { Length: > 0 };
        if (user is { Path: null or "" } && !mapped)
            throw Wrong("user namespaces enabled, but no uid and gid mappings found");
        // It would be born there with all that is the host's, and its procfs could not be mounted: that takes rights in the user namespace the pid namespace
        // belongs to.
        if (user is { Path: null or "" } && Find(linux, "pid") is { Path: { Length: > 0 } pids })
            throw Wrong($"a container with a user namespace of its own cannot join the pid namespace {pids}: the user namespace that this belongs to must be joined, too");
        if (user is null && (linux.UidMappings is { Length: > 0 } || linux.GidMappings is { Length: > 0 }))
            throw Wrong("uid and gid mappings need a user namespace");
    }

    private static void NoZero(string text, string member)
    {
        if (text.Contains('\0'))
            throw Wrong($"{member} must not hold a zero byte");
    }

    private static RuntimeException Wrong(string message) => new(ErrorKind.InvalidParameter, "check config.json", message);
}
