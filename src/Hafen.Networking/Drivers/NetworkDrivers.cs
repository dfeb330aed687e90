using Hafen.Networking.Bridge;
using Hafen.Networking.Kernel;
using Hafen.Networking.Plain;

namespace Hafen.Networking.Drivers;

/// <summary>The drivers there are. Their predefined networks are listed in this order, and the first of those that is not the host's own is taken when nothing is said.</summary>
internal static class NetworkDrivers
{
    public static IReadOnlyList<INetworkDriver> All(NetworkOptions options, HostStack stack) =>
    [
        new BridgeDriver(options, stack),
        new PlainDriver("host", "host", NetworkReach.Host),
        new PlainDriver("null", "none", NetworkReach.Isolated),
    ];
}
