using Hafen.Errors;
using Hafen.Volumes.Drivers;

namespace Hafen.Volumes.Turns;

/// <summary>A volume that is there.</summary>
/// <param name="Volume">What is known of it.</param>
/// <param name="Driver">Null when this daemon has none of the name that stands in the record.</param>
internal sealed record KnownVolume(Volume Volume, IVolumeDriver? Driver)
{
    /// <summary>The driver, for what cannot be done without it.</summary>
    /// <exception cref="VolumeException">There is none.</exception>
    public IVolumeDriver Require() => Driver ?? throw new VolumeException(
        ErrorKind.NotFound, $"get {Volume.Name}: error looking up volume plugin {Volume.Driver}: plugin \"{Volume.Driver}\" not found");
}
