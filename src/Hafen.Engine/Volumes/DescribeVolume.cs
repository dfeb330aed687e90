using Hafen.Api;
using Hafen.Volumes;

namespace Hafen.Engine.Volumes;

/// <summary>A volume as the API shows it.</summary>
internal static class DescribeVolume
{
    public static VolumeInspect Describe(Volume volume) => new()
    {
        Name = volume.Name,
        Driver = volume.Driver,
        Mountpoint = volume.Mountpoint,
        CreatedAt = volume.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
        Labels = volume.Labels.Count > 0 ? volume.Labels : null,
        Options = volume.Options.Count > 0 ? volume.Options : null,
        Scope = volume.Scope == VolumeScope.Global ? "global" : "local",
    };
}
