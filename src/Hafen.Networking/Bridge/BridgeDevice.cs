using System.Net.NetworkInformation;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Netlink;

namespace Hafen.Networking.Bridge;

/// <summary>The bridge interface in the kernel.</summary>
public static class BridgeDevice
{
    private const int BatchSize = 512;

    /// <summary>
    /// Makes the bridge what the settings say: creates it, or repairs the one that is there. What is right already is not touched. A bridge that somebody else
    /// has made keeps all it has; it is switched on and gets the gateway's address when it lacks that.
    /// </summary>
    /// <returns>Its interface index.</returns>
    /// <exception cref="NetworkException">Another kind of interface has the name.</exception>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public static int Ensure(NetlinkSocket socket, BridgeSettings settings)
    {
        var link = socket.FindLink(settings.Name);
        bool ours = link is null || IsOurs(link, settings.Address);
        if (link is null)
        {
            Create(socket, settings);
            link = socket.FindLink(settings.Name)
                ?? throw new NetworkException(ErrorKind.System, $"the bridge {settings.Name} vanished right after it was created");
        }
        if (link.Kind != "bridge")
            throw new NetworkException(ErrorKind.System, $"the interface {settings.Name} exists and is no bridge; choose another name with \"bridge\"");

        // Before it is up.
        if (ours)
            LinkSysctls.Apply(LinkSysctls.OfBridge, settings.Name);

        // The kernel adds the subnet's route only while the interface is up; an address given before is completed then.
        EnsureAddress(socket, settings, link.Index, alone: ours);
        if (ours)
            DisableLinkLocal(socket, link.Index);
        var batch = new NetlinkBatch(stackalloc byte[BatchSize]);
        string owner = BridgeOwner.Alias;
        if (ours && (link.Mtu != settings.Mtu || !settings.Address.Equals(link.Address) || link.Alias != owner))
            batch.ChangeLink(link.Index, mtu: settings.Mtu, address: settings.Address, alias: owner);
        if (!link.Up)
            batch.SetLink(link.Index, up: true);
        if (batch.Count > 0)
            socket.Execute(ref batch);
        return link.Index;
    }

    /// <summary>Whether Hafen has made a bridge: by its mark or, when an earlier release has made it, by the hardware address that is remembered.</summary>
    public static bool IsOurs(LinkInfo link, PhysicalAddress? remembered) => link.Group == LinkGroup.Of(link.Name) || (remembered is not null && remembered.Equals(link.Address));

    /// <summary>Removes the bridge when it is there.</summary>
    public static void Remove(NetlinkSocket socket, string name)
    {
        int index = socket.IndexOf(name);
        if (index == 0)
            return;
        var batch = new NetlinkBatch(stackalloc byte[BatchSize]);
        batch.DeleteLink(index);
        try
        {
            socket.Execute(ref batch);
        }
        catch (NetlinkException exception) when (exception.Number == Errno.ENODEV)
        {
        }
    }

    private static void Create(NetlinkSocket socket, BridgeSettings settings)
    {
        var batch = new NetlinkBatch(stackalloc byte[BatchSize]);
        batch.AddBridge(settings.Name, settings.Address, settings.Mtu, LinkGroup.Of(settings.Name));
        try
        {
            socket.Execute(ref batch);
        }
        catch (NetlinkException exception) when (exception.Number == Errno.EOPNOTSUPP)
        {
            throw new NetworkException(ErrorKind.System, "the kernel has no bridges (CONFIG_BRIDGE, module bridge)", exception);
        }
    }

    private static void DisableLinkLocal(NetlinkSocket socket, int index)
    {
        var batch = new NetlinkBatch(stackalloc byte[BatchSize]);
        batch.DisableLinkLocal(index);
        try
        {
            socket.Execute(ref batch);
        }
        catch (NetlinkException exception) when (exception.Number == Errno.EAFNOSUPPORT)
        {
            // No IPv6 in this kernel, or none on a link that carries less than 1280 bytes: nothing to switch off.
        }
    }

    private static void EnsureAddress(NetlinkSocket socket, BridgeSettings settings, int index, bool alone)
    {
        bool present = false;
        foreach (var address in socket.Addresses())
        {
            if (address.Index != index)
                continue;
            if (address.Address.Equals(settings.Gateway) && address.PrefixLength == settings.Subnet.PrefixLength)
            {
                present = true;
                continue;
            }
            if (!alone)
                continue;
            var removal = new NetlinkBatch(new byte[BatchSize]);
            removal.DeleteAddress(index, address.Address, address.PrefixLength);
            socket.Execute(ref removal);
        }
        if (present)
            return;
        var addition = new NetlinkBatch(stackalloc byte[BatchSize]);
        addition.AddAddress(index, settings.Gateway, settings.Subnet.PrefixLength);
        socket.Execute(ref addition);
    }
}
