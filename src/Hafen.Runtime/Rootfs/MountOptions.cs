using Hafen.Linux.Mounts;

namespace Hafen.Runtime.Rootfs;

/// <summary>A mount's options sorted by what they act on: the mount's attributes, its propagation, the kind of mount, the file system.</summary>
internal sealed record MountOptions
{
    private const string BeneathOption = "beneath=";

    public bool Bind { get; private set; }

    /// <summary>Of a bind mount: with what is mounted below.</summary>
    public bool Recursive { get; private set; }

    public bool CopyUp { get; private set; }

    /// <summary>MOUNT_ATTR_ bits to set and to clear on the mount itself.</summary>
    public ulong Set { get; private set; }

    public ulong Clear { get; private set; }

    /// <summary>The same for the whole tree (<c>rro</c> and its like, mount_setattr(2) with AT_RECURSIVE).</summary>
    public ulong RecursiveSet { get; private set; }

    public ulong RecursiveClear { get; private set; }

    /// <summary>MS_SHARED and the like, 0 when not asked for.</summary>
    public ulong Propagation { get; private set; }

    public bool RecursivePropagation { get; private set; }

    /// <summary>Of a bind mount: the folder that the way to the source must not leave, whatever links lie there; null when there is none.</summary>
    public string? Beneath { get; private set; }

    /// <summary>An option that asks for what this runtime does not do.</summary>
    public string? Refused { get; private set; }

    /// <summary>Parameters of the file system; null values are flags.</summary>
    public List<(string Key, string? Value)> Parameters { get; } = [];

    public bool Readonly => (Set & mount_attr.MOUNT_ATTR_RDONLY) != 0;

    public static MountOptions Parse(IEnumerable<string>? options)
    {
        var result = new MountOptions();
        foreach (string option in options ?? [])
            result.Add(option);
        return result;
    }

    /// <summary>The same without <c>ro</c>, for mounts that become read-only later.</summary>
    public MountOptions WithoutReadonly() => this with { Set = Set & ~mount_attr.MOUNT_ATTR_RDONLY };

    private void Add(string option)
    {
        if (AddPropagation(option) || AddAttribute(option))
            return;
        switch (option)
        {
            case "":
            case "defaults":
            case "silent":
            case "loud":
                break;
            case "bind":
                Bind = true;
                break;
            case "rbind":
                Bind = Recursive = true;
                break;
            case "tmpcopyup":
                CopyUp = true;
                break;
            case "remount":
            case "idmap":
            case "ridmap":
                Refused ??= option;
                break;
            case var beneath when beneath.StartsWith(BeneathOption, StringComparison.Ordinal):
                Beneath = beneath[BeneathOption.Length..];
                break;
            default:
                int equals = option.IndexOf('=');
                Parameters.Add(equals < 0 ? (option, null) : (option[..equals], option[(equals + 1)..]));
                break;
        }
    }

    private bool AddPropagation(string option)
    {
        bool recursive = option.StartsWith('r');
        ulong flag = (recursive ? option.AsSpan(1) : option) switch
        {
            "private" => MountFlags.MS_PRIVATE,
            "slave" => MountFlags.MS_SLAVE,
            "shared" => MountFlags.MS_SHARED,
            "unbindable" => MountFlags.MS_UNBINDABLE,
            _ => 0UL,
        };
        if (flag == 0)
            return false;
        Propagation = flag;
        RecursivePropagation = recursive;
        return true;
    }

    private bool AddAttribute(string option)
    {
        if (AttributeOf(option) is { } plain)
        {
            (Set, Clear) = Combine(Set, Clear, plain);
            return true;
        }

        if (!option.StartsWith('r') || AttributeOf(option[1..]) is not { } recursive)
            return false;
        (RecursiveSet, RecursiveClear) = Combine(RecursiveSet, RecursiveClear, recursive);
        return true;
    }

    private static (ulong Set, ulong Clear) Combine(ulong set, ulong clear, (ulong Set, ulong Clear) change)
    {
        // The last word counts. The kernel wants the whole access time field cleared when a part of it is set.
        set = (set & ~change.Clear) | change.Set;
        clear |= change.Clear;
        return (set, (clear & ~set) | (clear & mount_attr.MOUNT_ATTR__ATIME));
    }

    /// <summary>Attribute bits of an option: set ones, cleared ones.</summary>
    private static (ulong Set, ulong Clear)? AttributeOf(string option) => option switch
    {
        "ro" => (mount_attr.MOUNT_ATTR_RDONLY, 0),
        "rw" => (0, mount_attr.MOUNT_ATTR_RDONLY),
        "nosuid" => (mount_attr.MOUNT_ATTR_NOSUID, 0),
        "suid" => (0, mount_attr.MOUNT_ATTR_NOSUID),
        "nodev" => (mount_attr.MOUNT_ATTR_NODEV, 0),
        "dev" => (0, mount_attr.MOUNT_ATTR_NODEV),
        "noexec" => (mount_attr.MOUNT_ATTR_NOEXEC, 0),
        "exec" => (0, mount_attr.MOUNT_ATTR_NOEXEC),
        "nodiratime" => (mount_attr.MOUNT_ATTR_NODIRATIME, 0),
        "diratime" => (0, mount_attr.MOUNT_ATTR_NODIRATIME),
        "nosymfollow" => (mount_attr.MOUNT_ATTR_NOSYMFOLLOW, 0),
        "symfollow" => (0, mount_attr.MOUNT_ATTR_NOSYMFOLLOW),
        "noatime" => (mount_attr.MOUNT_ATTR_NOATIME, mount_attr.MOUNT_ATTR__ATIME),
        "strictatime" => (mount_attr.MOUNT_ATTR_STRICTATIME, mount_attr.MOUNT_ATTR__ATIME),
        "relatime" or "atime" or "norelatime" or "nostrictatime" => (mount_attr.MOUNT_ATTR_RELATIME, mount_attr.MOUNT_ATTR__ATIME),
        _ => null,
    };
}
