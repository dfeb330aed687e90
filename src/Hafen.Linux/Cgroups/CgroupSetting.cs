namespace Hafen.Linux.Cgroups;

/// <summary>One value to be written into one file of a cgroup. Plans are lists of these, made without touching the kernel.</summary>
/// <param name="Controller">The controller that serves the file, for finding the directory and for messages.</param>
/// <param name="File">File name.</param>
/// <param name="Value">What is written, in one call.</param>
public sealed record CgroupSetting(string Controller, string File, string Value)
{
    /// <summary>
    /// The kernel checks this value against another one that the plan also sets (limit against swap limit, period against quota).
    /// When it says EINVAL the write is repeated after the rest of the plan, which makes growing and shrinking both work.
    /// </summary>
    public bool Deferrable { get; init; }

    /// <summary>Not an error when this kernel has no such file: the value is what it does anyway.</summary>
    public bool Optional { get; init; }

    /// <summary>What to write when the file does not exist: the same thing under another name.</summary>
    public CgroupSetting? Alternative { get; init; }
}
