using Hafen.Linux;
using Hafen.Linux.Capabilities;
using Hafen.Linux.Processes;
using Hafen.Oci.Runtime;

namespace Hafen.Runtime.Security;

/// <summary>
/// The capability sets that can be granted. What this runtime does not have itself it cannot give; the runtime specification wants that to be a warning,
/// not a failure.
/// </summary>
internal static unsafe class CapabilityChoice
{
    /// <param name="spec">The process's capabilities; null means none.</param>
    /// <param name="last">Highest capability of the kernel.</param>
    /// <param name="own">What this runtime may hand on.</param>
    /// <param name="warnings">Receives what was left out.</param>
    public static CapabilitySets Choose(SpecCapabilities? spec, int last, ulong own, List<string> warnings)
    {
        var sets = CapabilitySets.From(spec, last, out var unknown);
        foreach (string name in unknown)
            warnings.Add($"capability {name} is not known to this kernel and was left out");
        ulong wanted = sets.Permitted | sets.Inheritable | sets.Bounding | sets.Effective | sets.Ambient;
        foreach (string name in CapabilityNames.FromMask(wanted & ~own))
            warnings.Add($"capability {name} cannot be granted: the runtime does not have it");
        sets.Bounding &= own;
        sets.Permitted &= own;
        sets.Inheritable &= own;
        // The kernel's own rules: effective lies within permitted, ambient within permitted and inheritable (capabilities(7)).
        sets.Effective &= sets.Permitted;
        sets.Ambient &= sets.Permitted & sets.Inheritable;
        return sets;
    }

    /// <summary>The permitted set of this thread.</summary>
    public static ulong Own()
    {
        var header = CapabilityHeader.Self;
        CapabilityData data;
        nint result = SystemCall.Call(SystemCall.capget, (nint)(&header), (nint)(&data));
        return result == 0 ? data.Permitted0 | ((ulong)data.Permitted1 << 32) : throw new LinuxException((int)-result, "capget");
    }
}
