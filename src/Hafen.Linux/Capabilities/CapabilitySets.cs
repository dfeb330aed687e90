using System.Runtime.InteropServices;
using Hafen.Oci.Runtime;

namespace Hafen.Linux.Capabilities;

/// <summary>The five sets of a process as bit masks; plain data for the code after the clone.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CapabilitySets
{
    public ulong Bounding;
    public ulong Effective;
    public ulong Permitted;
    public ulong Inheritable;
    public ulong Ambient;

    /// <summary>Bits 0 to <paramref name="last"/>.</summary>
    public static ulong MaskUpTo(int last) => last >= 63 ? ulong.MaxValue : (1UL << (last + 1)) - 1;

    /// <summary>
    /// The sets of a spec; a null spec means no capabilities at all. Names the kernel does not know are left out, as runtime-spec
    /// wants, and reported through <paramref name="ignored"/>.
    /// </summary>
    public static CapabilitySets From(SpecCapabilities? spec, int lastCapability, out IReadOnlyList<string> ignored)
    {
        List<string>? unknown = null;
        var sets = new CapabilitySets
        {
            Bounding = Mask(spec?.Bounding, lastCapability, ref unknown),
            Effective = Mask(spec?.Effective, lastCapability, ref unknown),
            Permitted = Mask(spec?.Permitted, lastCapability, ref unknown),
            Inheritable = Mask(spec?.Inheritable, lastCapability, ref unknown),
            Ambient = Mask(spec?.Ambient, lastCapability, ref unknown),
        };
        ignored = unknown ?? (IReadOnlyList<string>)[];
        return sets;
    }

    /// <summary>The arguments of <c>capset(2)</c> for these sets; the bounding and ambient sets go through <c>prctl</c>.</summary>
    public readonly CapabilityData ToData() => new()
    {
        Effective0 = (uint)Effective,
        Permitted0 = (uint)Permitted,
        Inheritable0 = (uint)Inheritable,
        Effective1 = (uint)(Effective >> 32),
        Permitted1 = (uint)(Permitted >> 32),
        Inheritable1 = (uint)(Inheritable >> 32),
    };

    /// <summary>The sets as they lie in memory, for the code after the clone.</summary>
    public readonly byte[] ToBytes() => MemoryMarshal.AsBytes(new ReadOnlySpan<CapabilitySets>(in this)).ToArray();

    private static ulong Mask(string[]? names, int last, ref List<string>? unknown)
    {
        ulong mask = 0;
        foreach (string name in names ?? [])
        {
            int number = CapabilityNames.Number(CapabilityNames.Normalize(name));
            if (number < 0 || number > last)
            {
                unknown ??= [];
                if (!unknown.Contains(name))
                    unknown.Add(name);
                continue;
            }

            mask |= 1UL << number;
        }

        return mask;
    }
}
