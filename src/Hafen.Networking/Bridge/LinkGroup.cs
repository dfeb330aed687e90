namespace Hafen.Networking.Bridge;

/// <summary>
/// The group (<c>ip link … group</c>) of a bridge that Hafen has made and of its ports. The kernel keeps it whatever becomes of them: it tells a bridge of ours from
/// somebody else's, and a port that has lost its bridge from one of another Hafen of this machine.
/// </summary>
public static class LinkGroup
{
    /// <summary>A number that follows from the bridge's name, so that it is known after a crash, too.</summary>
    public static uint Of(string bridge)
    {
        // FNV-1a. 0 is the group of all other links.
        uint hash = 2166136261;
        foreach (char letter in bridge)
            hash = (hash ^ letter) * 16777619;
        return hash == 0 ? 1 : hash;
    }
}
