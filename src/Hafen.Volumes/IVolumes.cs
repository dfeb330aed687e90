using Hafen.Errors;

namespace Hafen.Volumes;

/// <summary>The volumes of this host. Changes of one volume are serialised inside; who uses a volume is known by the caller.</summary>
public interface IVolumes
{
    /// <summary>By exact name; null when there is none.</summary>
    Volume? Find(string name);

    IReadOnlyList<Volume> List();

    /// <summary>
    /// Makes a volume, or returns the one of that name when driver and options do not contradict it. A null or empty name makes an
    /// anonymous volume: 64 random hexadecimal digits, marked with the label <c>com.docker.volume.anonymous</c>.
    /// </summary>
    /// <exception cref="VolumeException">Name not allowed, driver or option unknown, or other options than the existing volume's.</exception>
    Volume Create(string? name, string? driver, IReadOnlyDictionary<string, string>? options, IReadOnlyDictionary<string, string>? labels);

    /// <summary>Keeps the volume from being removed, without a look at its content. Counted per <paramref name="user"/>.</summary>
    /// <exception cref="VolumeException">There is none of that name.</exception>
    void Hold(string name, string user);

    /// <summary>
    /// Makes the volume's content reachable (mounts what its options ask for), returns the folder, and keeps the volume from being removed. Counted per <paramref name="user"/>.
    /// </summary>
    /// <exception cref="VolumeException">There is none of that name, or what its options ask for cannot be mounted; then it is kept all the same.</exception>
    string Mount(string name, string user);

    /// <summary>Takes back <see cref="Hold"/> and <see cref="Mount"/>; unknown users are ignored.</summary>
    void Unmount(string name, string user);

    /// <summary>
    /// Copies what an image holds at a mount point into a volume that is still empty, with all attributes; does nothing when it is not empty
    /// or the image has no folder there.
    /// </summary>
    /// <param name="name">The volume.</param>
    /// <param name="layers">Folders of the image's layers and the container's own, topmost first, in overlayfs form (whiteouts, opaque folders).</param>
    /// <param name="path">Absolute path inside the container.</param>
    void Populate(string name, IReadOnlyList<string> layers, string path);

    /// <exception cref="VolumeException">There is none of that name, or somebody has it mounted.</exception>
    void Remove(string name);

    /// <summary>Bytes in the volume.</summary>
    long Usage(string name);
}

/// <summary>A volume as the store holds it.</summary>
public sealed record Volume
{
    public required string Name { get; init; }
    public required string Driver { get; init; }
    /// <summary>Folder of the content, <c>…/volumes/NAME/_data</c>.</summary>
    public required string Mountpoint { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required IReadOnlyDictionary<string, string> Options { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}

/// <summary>A volume operation that failed for a reason of the caller's. The message is Docker's where clients match on it.</summary>
public sealed class VolumeException(ErrorKind kind, string message, Exception? inner = null) : HafenException(kind, message, inner);
