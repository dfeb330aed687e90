using System.Net;
using System.Net.Sockets;

namespace Hafen.Networking.Addresses;

/// <summary>Chooses a subnet for the bridge that takes nothing away from the host.</summary>
public static class SubnetChoice
{
    /// <summary>Docker's local pools in their order: 172.17.0.0/16 to 172.31.0.0/16, then 192.168.0.0/16 in pieces of /20.</summary>
    public static IEnumerable<Subnet> Pools()
    {
        for (byte second = 17; second < 32; second++)
            yield return Subnet.Of(new IPAddress([172, second, 0, 0]), 16);
        for (int third = 0; third < 256; third += 16)
            yield return Subnet.Of(new IPAddress([192, 168, (byte)third, 0]), 20);
    }

    /// <summary>The first pool that overlaps none of the host's subnets and holds none of its name servers; null when there is none.</summary>
    /// <param name="occupied">Subnets of the host's routes and addresses.</param>
    public static Subnet? Choose(IEnumerable<Subnet> occupied, IEnumerable<string> nameservers)
    {
        List<Subnet> taken = [.. occupied];
        foreach (string server in nameservers)
        {
            if (IPAddress.TryParse(server, out var address) && address.AddressFamily == AddressFamily.InterNetwork)
                taken.Add(Subnet.Of(address, 32));
        }
        foreach (var pool in Pools())
        {
            if (!taken.Exists(subnet => subnet.Overlaps(pool)))
                return pool;
        }
        return null;
    }
}
