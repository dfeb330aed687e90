using System.Globalization;

namespace Hafen.Linux.Seccomp;

/// <summary>The first two numbers of a kernel release, <c>6.1</c> of <c>6.1.0-13-amd64</c>.</summary>
public readonly record struct KernelVersion(int Kernel, int Major) : IComparable<KernelVersion>
{
    /// <summary>The running kernel, from <c>/proc/sys/kernel/osrelease</c>.</summary>
    public static KernelVersion Current()
    {
        string release = System.Text.Encoding.ASCII.GetString(Procfs.ProcFile.ReadAll("/proc/sys/kernel/osrelease")).Trim();
        return TryParseRelease(release, out var version) ? version : default;
    }

    /// <summary>Parses a release string; what follows the second number is ignored.</summary>
    public static bool TryParseRelease(string release, out KernelVersion version)
    {
        version = default;
        int dot = release.IndexOf('.');
        if (dot <= 0 || !int.TryParse(release.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out int kernel))
            return false;
        int end = dot + 1;
        while (end < release.Length && char.IsAsciiDigit(release[end]))
            end++;
        if (!int.TryParse(release.AsSpan(dot + 1, end - dot - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int major))
            return false;
        version = new KernelVersion(kernel, major);
        return true;
    }

    public int CompareTo(KernelVersion other) => (Kernel, Major).CompareTo((other.Kernel, other.Major));

    public static bool operator <(KernelVersion left, KernelVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(KernelVersion left, KernelVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(KernelVersion left, KernelVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(KernelVersion left, KernelVersion right) => left.CompareTo(right) >= 0;
}
