using Hafen.Linux.Trees;

namespace Hafen.Snapshots;

/// <summary>What became of a name.</summary>
public enum ChangeKind
{
    /// <summary>It is there with other content or attributes; a folder also when something in it changed.</summary>
    Modified,
    /// <summary>It was not there.</summary>
    Added,
    /// <summary>It is gone, and all that was in it, which is not listed.</summary>
    Deleted,
}

/// <summary>One line of <c>docker diff</c>.</summary>
/// <param name="Path">Beneath the root, without a slash before it (<see cref="BytePath"/>).</param>
public readonly record struct SnapshotChange(string Path, ChangeKind Kind);
