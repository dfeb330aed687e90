using Hafen.Api;
using Hafen.Volumes;

namespace Hafen.Engine.Volumes;

/// <summary>Makes a volume, or finds the one of that name.</summary>
public sealed class CreateVolume(IVolumes volumes, VolumeEvents events)
{
    /// <exception cref="EngineException">A text of the request holds a null byte.</exception>
    /// <exception cref="VolumeException">Name not allowed, driver or option unknown, or another driver has a volume of that name.</exception>
    public async Task<VolumeInspect> RunAsync(VolumeCreateRequest request, CancellationToken cancellationToken)
    {
        NullBytes.Refuse(request);
        bool known = !string.IsNullOrEmpty(request.Name) && volumes.Find(request.Name) is not null;
        var volume = await volumes.CreateAsync(request.Name, request.Driver, request.DriverOpts, request.Labels, cancellationToken);
        if (!known)
            events.Publish("create", volume);
        return DescribeVolume.Describe(volume);
    }
}
