using Hafen.Linux.Procfs;

namespace Hafen.Linux.Capabilities;

/// <summary>What this kernel knows and this process may hand on.</summary>
public static class AvailableCapabilities
{
    /// <summary>The highest capability number the kernel knows (<c>/proc/sys/kernel/cap_last_cap</c>); 40 when that cannot be read.</summary>
    public static int Last()
    {
        Span<byte> buffer = stackalloc byte[32];
        int length = ProcFile.TryRead("/proc/sys/kernel/cap_last_cap", buffer);
        return length > 0 && System.Buffers.Text.Utf8Parser.TryParse(buffer[..length], out int last, out _) ? last : 40;
    }

    /// <summary>The bounding set of the calling process, without bits above <see cref="Last"/>.</summary>
    public static ulong BoundingMask()
    {
        Span<byte> buffer = stackalloc byte[8192];
        int length = ProcFile.TryRead("/proc/self/status", buffer);
        ulong known = CapabilitySets.MaskUpTo(Last());
        return length > 0 && ProcessStatus.TryParse(buffer[..length], out var status) ? status.CapBnd & known : known;
    }

    /// <summary>Names of the bounding set: what <c>ALL</c> and <c>--privileged</c> mean here.</summary>
    public static string[] Names() => CapabilityNames.FromMask(BoundingMask());
}
