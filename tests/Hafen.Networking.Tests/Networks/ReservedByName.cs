using System.Net;
using System.Net.NetworkInformation;

namespace Hafen.Networking.Tests.NetworksRoom;

internal static class ReservedByName
{
    /// <summary>As a container's request names its network.</summary>
    public static Endpoint Reserve(this Networks networks, string containerId, string network, IPAddress? address, PhysicalAddress? mac)
        => networks.Reserve(containerId, networks.ForContainer(network)!, address, mac);
}
