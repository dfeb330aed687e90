namespace Hafen.Linux.Capabilities;

/// <summary>Which capabilities a container gets from <c>--cap-add</c>, <c>--cap-drop</c> and <c>--privileged</c>, by Docker's rules.</summary>
public static class ContainerCapabilities
{
    private const string AllName = "ALL";

    private static readonly string[] s_defaultNames =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
    ];

    /// <summary>The fourteen a container has when nothing is asked.</summary>
    public static IReadOnlyList<string> Default => s_defaultNames;

    /// <summary>Checks and normalises the lists of a create request.</summary>
    /// <param name="adds">As given by the user; null is empty.</param>
    /// <param name="drops">As given by the user; null is empty.</param>
    /// <param name="available">The names this host can give, see <see cref="AvailableCapabilities.Names"/>.</param>
    /// <exception cref="CapabilityException">A name is unknown or not available.</exception>
    public static void Validate(IReadOnlyList<string>? adds, IReadOnlyList<string>? drops, IReadOnlyList<string> available)
    {
        Normalize(adds, available, "CapAdd");
        Normalize(drops, available, "CapDrop");
    }

    /// <summary>
    /// The resulting capability names. <c>ALL</c> in the adds means everything available but the drops; <c>ALL</c> in the drops
    /// means the adds only; a drop of a capability that is not held does nothing. Duplicates are left out.
    /// </summary>
    /// <exception cref="CapabilityException">A name is unknown or not available.</exception>
    public static string[] Tweak(IReadOnlyList<string>? adds, IReadOnlyList<string>? drops, bool privileged, IReadOnlyList<string> available)
    {
        if (privileged)
            return [.. available];
        if (adds is not { Count: > 0 } && drops is not { Count: > 0 })
            return [.. s_defaultNames];

        var drop = Normalize(drops, available, "CapDrop");
        var add = Normalize(adds, available, "CapAdd");
        if (add.Contains(AllName))
            return [.. available.Where(name => !drop.Contains(name))];
        if (drop.Contains(AllName))
            return [.. add.Distinct()];
        return [.. s_defaultNames.Where(name => !drop.Contains(name)).Concat(add).Distinct()];
    }

    private static List<string> Normalize(IReadOnlyList<string>? names, IReadOnlyList<string> available, string option)
    {
        var normal = new List<string>(names?.Count ?? 0);
        foreach (string given in names ?? [])
        {
            string name = CapabilityNames.Normalize(given);
            if (name != AllName)
            {
                if (CapabilityNames.Number(name) < 0)
                    throw new CapabilityException($"invalid {option}: unknown capability: \"{name}\"");
                if (!available.Contains(name))
                {
                    throw new CapabilityException(
                        $"invalid {option}: capability not supported by your kernel or not available in the current environment: \"{name}\"");
                }
            }

            normal.Add(name);
        }

        return normal;
    }
}
