namespace Hafen.Linux.Cgroups;

/// <summary>What may be done with a device; the values are BPF's <c>BPF_DEVCG_ACC_…</c>.</summary>
[Flags]
public enum DeviceAccess
{
    None = 0,
    Mknod = 1,
    Read = 2,
    Write = 4,
    All = Mknod | Read | Write,
}

/// <summary>A device or a group of devices.</summary>
/// <param name="Type"><c>c</c> or <c>b</c>.</param>
/// <param name="Major">Device major, or <see cref="Any"/>.</param>
/// <param name="Minor">Device minor, or <see cref="Any"/>.</param>
public readonly record struct DeviceEntry(char Type, long Major, long Minor)
{
    /// <summary>Every number.</summary>
    public const long Any = -1;

    /// <summary>Whether some device belongs to both.</summary>
    public bool Overlaps(DeviceEntry other) =>
        Type == other.Type
        && (Major == Any || other.Major == Any || Major == other.Major)
        && (Minor == Any || other.Minor == Any || Minor == other.Minor);

    /// <summary>The kernel's spelling in <c>devices.allow</c>, with the access.</summary>
    public string ToText(DeviceAccess access)
    {
        string major = Major == Any ? "*" : $"{Major}", minor = Minor == Any ? "*" : $"{Minor}";
        string read = access.HasFlag(DeviceAccess.Read) ? "r" : "";
        string write = access.HasFlag(DeviceAccess.Write) ? "w" : "";
        string mknod = access.HasFlag(DeviceAccess.Mknod) ? "m" : "";
        return $"{Type} {major}:{minor} {read}{write}{mknod}";
    }
}
