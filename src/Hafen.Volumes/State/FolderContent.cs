namespace Hafen.Volumes.State;

/// <summary>What a volume's folder says of the volume.</summary>
internal enum FolderContent
{
    /// <summary>There is no folder.</summary>
    Absent,

    /// <summary>There is no record in it, or none that can be read.</summary>
    Unrecorded,

    /// <summary>A record that this release understands.</summary>
    Recorded,

    /// <summary>A record of a later release.</summary>
    Newer,
}
