namespace Hafen.Volumes;

/// <summary>Where a volume is the same.</summary>
public enum VolumeScope
{
    /// <summary>On this host; another one may have a volume of the same name.</summary>
    Local,

    /// <summary>On every host that has the driver.</summary>
    Global,
}
