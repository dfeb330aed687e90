using Hafen.Api;
using Hafen.Volumes;

namespace Hafen.Engine.Volumes;

/// <summary>Shows one volume.</summary>
public sealed class InspectVolume(IVolumes volumes)
{
    /// <exception cref="EngineException">There is none of that name.</exception>
    public VolumeInspect Run(string name) => DescribeVolume.Describe(volumes.Find(name) ?? throw NoSuchVolume.Named(name));
}
