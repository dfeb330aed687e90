using Hafen.Api;
using Hafen.Volumes;

namespace Hafen.Engine.Volumes;

/// <summary>Makes a volume, or finds the one of that name.</summary>
public sealed class CreateVolume(IVolumes volumes, VolumeEvents events)
{
    /// <exception cref="EngineException">A text of the request holds a null byte.</exception>
    /// <exception cref="VolumeException">Name not allowed, driver or option unknown, or other options than the existing volume's.</exception>
    public VolumeInspect Run(VolumeCreateRequest request)
    {
        NullBytes.Refuse(request);
        bool known = !string.IsNullOrEmpty(request.Name) && volumes.Find(request.Name) is not null;
        var volume = volumes.Create(request.Name, request.Driver, request.DriverOpts, request.Labels);
        if (!known)
            events.Publish("create", volume);
        return DescribeVolume.Describe(volume);
    }
}
