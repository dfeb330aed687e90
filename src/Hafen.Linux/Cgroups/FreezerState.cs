namespace Hafen.Linux.Cgroups;

/// <summary>Whether the tasks of a cgroup run.</summary>
public enum FreezerState
{
    Thawed,
    Freezing,
    Frozen,
}
