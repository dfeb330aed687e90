namespace Hafen.Networking.Bridge;

/// <summary>
/// The group (<c>ip link … group</c>) of a bridge that Hafen has made and of its ports. The kernel keeps it whatever becomes of them: it tells a bridge of ours from
/// somebody else's, a port that has lost its bridge from one of another Hafen of this machine, and another Hafen's bridge from all other links.
/// </summary>
public static class LinkGroup
{
    /// <summary>The part of the number that all Hafens have in common, and what stands there: <c>H</c>.</summary>
    public const uint CommonMask = 0xff00_0000, Common = 0x4800_0000;

    /// <summary>A number that follows from the bridge's name, so that it is known after a crash, too.</summary>
    public static uint Of(string bridge)
    {
        // FNV-1a
        uint hash = 2166136261;
        foreach (char letter in bridge)
            hash = (hash ^ letter) * 16777619;
        return Common | ((hash ^ (hash >> 24)) & ~CommonMask);
    }
}
