namespace Hafen.Volumes;

/// <summary>
/// The volumes of this host, whatever drivers they are of. Changes of one volume come one after the other; a driver that does not answer holds up that one volume
/// and nothing else. Which container uses a volume is known by the caller; here only those are counted who hold or mount it.
/// </summary>
/// <remarks>
/// Where a token is given the caller can leave at any time. What a driver has begun goes on to its end all the same, because no kernel call can be taken back, and the volume's
/// next change comes after that.
/// </remarks>
public interface IVolumes
{
    /// <summary>Names of the drivers there are.</summary>
    IReadOnlyList<string> Drivers { get; }

    /// <summary>What the operator should know of the volumes on the disk, one sentence each; found out when they were opened.</summary>
    IReadOnlyList<string> Warnings { get; }

    /// <summary>By exact name; null when there is none. Waits for nobody.</summary>
    Volume? Find(string name);

    /// <summary>All, by name. Waits for nobody.</summary>
    IReadOnlyList<Volume> List();

    /// <summary>
    /// Makes a volume, or returns the one of that name. A null or empty name makes an anonymous volume: 64 random hexadecimal digits, marked with
    /// <see cref="Volume.AnonymousLabel"/>. One whose caller has left meanwhile is taken away again.
    /// </summary>
    /// <param name="name">Wanted name.</param>
    /// <param name="driver">Wanted driver; null or empty for any that has it, and for the usual one when none does.</param>
    /// <param name="options">For the driver.</param>
    /// <param name="labels">For people.</param>
    /// <param name="cancellationToken">The caller leaves.</param>
    /// <exception cref="VolumeException">Name not allowed, driver or option unknown, or another driver has a volume of that name.</exception>
    ValueTask<Volume> CreateAsync(
        string? name, string? driver, IReadOnlyDictionary<string, string>? options, IReadOnlyDictionary<string, string>? labels, CancellationToken cancellationToken);

    /// <summary>Keeps the volume from being removed, without a look at its content. Counted per <paramref name="user"/>. Waits for a removal that is under way, and for nothing else.</summary>
    /// <exception cref="VolumeException">There is none of that name.</exception>
    ValueTask HoldAsync(string name, string user, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the volume's content reachable (mounts what its options ask for), returns the folder, and keeps the volume from being removed. Counted per <paramref name="user"/>.
    /// When the caller leaves before that, nothing is kept, and what is mounted later is unmounted again.
    /// </summary>
    /// <exception cref="VolumeException">There is none of that name, or what its options ask for cannot be mounted; then it is kept all the same.</exception>
    ValueTask<string> MountAsync(string name, string user, CancellationToken cancellationToken);

    /// <summary>
    /// Takes back <see cref="HoldAsync"/> and <see cref="MountAsync"/>; unknown users are ignored. The user is gone at once; who is the last one waits until the content is unmounted,
    /// which happens also when the caller leaves.
    /// </summary>
    ValueTask UnmountAsync(string name, string user, CancellationToken cancellationToken);

    /// <summary>
    /// Copies what an image holds at a mount point into a volume that is still empty, with all attributes; does nothing when it is not empty
    /// or the image has no folder there.
    /// </summary>
    /// <param name="name">The volume.</param>
    /// <param name="layers">Folders of the image's layers and the container's own, topmost first, in overlayfs form (whiteouts, opaque folders).</param>
    /// <param name="path">Absolute path inside the container.</param>
    /// <param name="cancellationToken">The caller leaves.</param>
    /// <exception cref="VolumeException">There is none of that name.</exception>
    ValueTask PopulateAsync(string name, IReadOnlyList<string> layers, string path, CancellationToken cancellationToken);

    /// <exception cref="VolumeException">There is none of that name, or somebody has it mounted.</exception>
    ValueTask RemoveAsync(string name, CancellationToken cancellationToken);

    /// <summary>Bytes in the volume; null when its driver cannot tell.</summary>
    /// <exception cref="VolumeException">There is none of that name.</exception>
    ValueTask<long?> UsageAsync(string name, CancellationToken cancellationToken);
}
