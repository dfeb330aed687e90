using Hafen.Oci.Runtime;

namespace Hafen.Linux.Seccomp;

/// <summary>A rule of a profile: what happens to some system calls, and on which hosts and for which containers it applies.</summary>
public sealed record SeccompRule
{
    public required string[] Names { get; init; }
    public required string Action { get; init; }
    public uint? ErrnoRet { get; init; }
    public SpecSyscallArgument[]? Args { get; init; }

    /// <summary>The rule applies only when all of this holds.</summary>
    public SeccompCondition? Includes { get; init; }

    /// <summary>The rule does not apply when any of this holds.</summary>
    public SeccompCondition? Excludes { get; init; }

    /// <summary>Whether the rule applies.</summary>
    public bool AppliesTo(IReadOnlyCollection<string> capabilities, string architecture, KernelVersion kernel)
    {
        if (Excludes is { } excludes)
        {
            if (excludes.Arches?.Contains(architecture) == true
                || excludes.Caps?.Any(capabilities.Contains) == true
                || excludes.MinKernel is { } excluded && kernel >= excluded)
            {
                return false;
            }
        }

        if (Includes is { } includes)
        {
            if (includes.Arches is { Length: > 0 } arches && !arches.Contains(architecture)
                || includes.Caps?.All(capabilities.Contains) == false
                || includes.MinKernel is { } required && kernel < required)
            {
                return false;
            }
        }

        return true;
    }
}
