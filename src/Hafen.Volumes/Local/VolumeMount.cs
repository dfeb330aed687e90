using Hafen.Errors;
using Hafen.Linux.Mounts;

namespace Hafen.Volumes.Local;

/// <summary>What a volume's options ask for in place of a folder of its own: a folder of the host, or memory.</summary>
internal sealed record VolumeMount
{
    private const string Type = "type", Device = "device", MountOptions = "o", Size = "size";

    /// <summary>The folder of the host; null for memory.</summary>
    public string? HostFolder { get; private init; }

    /// <summary>MS_ bits.</summary>
    public ulong Flags { get; private init; }

    /// <summary>Options of the file system.</summary>
    public string Data { get; private init; } = "";

    /// <summary>Null when the volume is a folder of its own.</summary>
    /// <exception cref="VolumeException">An option is unknown, lacks another, or asks for what this version does not mount.</exception>
    public static VolumeMount? Parse(string name, IReadOnlyDictionary<string, string>? options)
    {
        if (options is null || options.Count == 0)
            return null;
        string? unknown = options.Keys.FirstOrDefault(static option => option is not (Type or Device or MountOptions or Size));
        if (unknown is not null)
            throw Invalid(name, $"invalid option: \"{unknown}\"");
        if (options.ContainsKey(Size))
            throw Invalid(name, "quota size requested but no quota support");
        if (!options.TryGetValue(Device, out string? device))
            throw Invalid(name, $"missing required option: \"{Device}\"");
        if (!options.TryGetValue(Type, out string? type))
            throw Invalid(name, $"missing required option: \"{Type}\"");

        string[] words = options.GetValueOrDefault(MountOptions, "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // As mount(8) says it: a bind mount has no type.
        if (words.Any(static word => word is "bind" or "rbind"))
            return OfHost(name, device, words);
        return type == "tmpfs" ? OfMemory(words) : throw Invalid(name, $"volumes of the type \"{type}\" are not supported: use type=none with o=bind, or type=tmpfs");
    }

    private static VolumeMount OfHost(string name, string device, string[] words)
    {
        string? other = words.FirstOrDefault(static word => word is not ("bind" or "rbind" or "rw" or "defaults"));
        if (other is not null)
            throw Invalid(name, $"the mount option \"{other}\" of a bind volume is not supported");
        if (!device.StartsWith('/'))
            throw Invalid(name, $"the device of a bind volume must be an absolute path: \"{device}\"");
        return new VolumeMount { HostFolder = device, Flags = MountFlags.MS_BIND | (words.Contains("rbind") ? MountFlags.MS_REC : 0) };
    }

    private static VolumeMount OfMemory(string[] words)
    {
        ulong flags = 0;
        var data = new List<string>();
        foreach (string word in words)
        {
            if (FlagOf(word) is { } flag)
                flags = flag.Set ? flags | flag.Bits : flags & ~flag.Bits;
            else
                data.Add(word);
        }
        return new VolumeMount { Flags = flags, Data = string.Join(',', data) };
    }

    private static (ulong Bits, bool Set)? FlagOf(string word) => word switch
    {
        "defaults" => (0, true),
        "ro" => (MountFlags.MS_RDONLY, true),
        "rw" => (MountFlags.MS_RDONLY, false),
        "nosuid" => (MountFlags.MS_NOSUID, true),
        "suid" => (MountFlags.MS_NOSUID, false),
        "nodev" => (MountFlags.MS_NODEV, true),
        "dev" => (MountFlags.MS_NODEV, false),
        "noexec" => (MountFlags.MS_NOEXEC, true),
        "exec" => (MountFlags.MS_NOEXEC, false),
        "noatime" => (MountFlags.MS_NOATIME, true),
        "atime" => (MountFlags.MS_NOATIME, false),
        _ => null,
    };

    private static VolumeException Invalid(string name, string reason) => new(ErrorKind.InvalidParameter, $"create {name}: {reason}");
}
