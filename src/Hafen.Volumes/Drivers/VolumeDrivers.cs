using Hafen.Volumes.Local;

namespace Hafen.Volumes.Drivers;

/// <summary>The drivers there are.</summary>
public static class VolumeDrivers
{
    /// <summary>Name of the one that is taken when nobody says anything.</summary>
    public const string DefaultName = LocalDriver.DriverName;

    /// <summary>All of them; the first is the one of <see cref="DefaultName"/>.</summary>
    /// <param name="root">Absolute path of the folder with one folder a volume.</param>
    public static IReadOnlyList<IVolumeDriver> All(string root) =>
    [
        new LocalDriver(root),
    ];
}
