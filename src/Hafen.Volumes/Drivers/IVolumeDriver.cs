namespace Hafen.Volumes.Drivers;

/// <summary>
/// A kind of volume. The store (<see cref="VolumeStore"/>) knows which volumes there are, with labels and options, calls a driver for one volume at a time, and counts who uses
/// it; the driver has the content. A new driver is a folder with this and a line in <see cref="VolumeDrivers"/>.
/// </summary>
/// <remarks>
/// <para>Every volume has a folder <c>volumes/NAME</c> that the store makes before <see cref="CreateAsync"/> and removes, with everything in it and in one step, after
/// <see cref="RemoveAsync"/>. What a driver keeps on this host of a volume it keeps there; the record in it is the store's.</para>
/// <para>What completes at once returns a completed task. What waits for somebody else, or may hang in the kernel, holds no thread of the pool, and ends early when the token says so and
/// that is possible. The caller's wait ends in any case.</para>
/// </remarks>
public interface IVolumeDriver
{
    /// <summary>As <c>--driver</c> and the API name it.</summary>
    string Name { get; }

    /// <summary>Where its volumes are the same.</summary>
    VolumeScope Scope { get; }

    /// <summary>Checks the options for a volume before anything is made of it. Asks nobody.</summary>
    /// <exception cref="VolumeException">One is unknown, lacks another, or cannot be had here.</exception>
    void Check(string name, IReadOnlyDictionary<string, string> options);

    /// <summary>The folder of a volume's content, as <c>inspect</c> shows it; empty when only a mount tells. Asks nobody.</summary>
    string Path(string name);

    /// <summary>Makes a volume that is not there. One that fails leaves nothing outside of the volume's folder.</summary>
    ValueTask CreateAsync(Volume volume, CancellationToken cancellationToken);

    /// <summary>Ends what is outside of the volume's folder: mounts on this host, also an earlier daemon's, or the content elsewhere. Can be repeated after a failure.</summary>
    ValueTask RemoveAsync(Volume volume, CancellationToken cancellationToken);

    /// <summary>Makes the content reachable for one more user. Called for each: what is mounted already, by an earlier daemon for example, is found as it is.</summary>
    /// <returns>The folder of the content.</returns>
    /// <exception cref="VolumeException">It cannot be reached; nothing is mounted then.</exception>
    ValueTask<string> MountAsync(Volume volume, CancellationToken cancellationToken);

    /// <summary>Nobody on this host uses the volume any more. Fine when it is not mounted.</summary>
    ValueTask UnmountAsync(Volume volume, CancellationToken cancellationToken);

    /// <inheritdoc cref="IVolumes.PopulateAsync"/>
    /// <param name="volume">The volume; somebody holds it.</param>
    /// <param name="layers">Folders of the layers, topmost first, in overlayfs form.</param>
    /// <param name="path">Absolute path inside the container.</param>
    /// <param name="cancellationToken">Nobody waits for it any more.</param>
    ValueTask PopulateAsync(Volume volume, IReadOnlyList<string> layers, string path, CancellationToken cancellationToken);

    /// <summary>Bytes in the volume; null when that cannot be told. May be called beside everything else.</summary>
    ValueTask<long?> UsageAsync(Volume volume, CancellationToken cancellationToken);

    /// <summary>Names of the volumes that may be this driver's, on record or not. Called when the daemon starts, which waits for the answer for a short time only.</summary>
    ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Whether the driver has a volume that is not on record: somebody made it elsewhere or put it there by hand.</summary>
    /// <returns>When it was made; null when there is none.</returns>
    ValueTask<DateTimeOffset?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Repairs what a crash has left of a volume on record. Called for each of them when the daemon starts, and asks nobody elsewhere: that is for a mount.</summary>
    ValueTask OpenAsync(Volume volume, CancellationToken cancellationToken);
}
