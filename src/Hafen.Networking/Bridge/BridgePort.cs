using System.Buffers;
using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Hafen.Linux;
using Hafen.Linux.Netlink;
using Hafen.Networking.Addresses;

namespace Hafen.Networking.Bridge;

/// <summary>A container's veth pair: one end a port of the bridge, the other <c>eth0</c> inside.</summary>
public static class BridgePort
{
    /// <summary>Name of the interface inside the container.</summary>
    public const string ContainerInterface = "eth0";

    private const int BatchSize = 1024;
    private const int LoopbackIndex = 1;
    // Docker's are "veth" and hexadecimal digits, so no name can be both its and ours.
    private const string Prefix = "vethh";
    private const int RandomDigits = 7;

    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdef");

    /// <summary>A name for the host's end: programs that configure networks know to leave <c>veth…</c> alone.</summary>
    public static string NewName() => Prefix + RandomNumberGenerator.GetHexString(RandomDigits, lowercase: true);

    /// <summary>Whether a name is one of <see cref="NewName"/>.</summary>
    public static bool IsOurName(string name) =>
        name.Length == Prefix.Length + RandomDigits && name.StartsWith(Prefix, StringComparison.Ordinal)
        && !name.AsSpan(Prefix.Length).ContainsAnyExcept(s_digits);

    /// <summary>
    /// Connects a network namespace to the bridge. Three exchanges with the kernel, each a single message or batch: what takes the
    /// kernel's global lock is asked for as rarely as can be.
    /// </summary>
    /// <exception cref="NetlinkException">The kernel refused; nothing is left behind.</exception>
    public static void Attach(NetlinkSocket host, int bridge, BridgeSettings settings, Endpoint endpoint, SafeHandle networkNamespace)
    {
        string name = endpoint.HostInterface!;
        var address = IPAddress.Parse(endpoint.Address!);

        // 1. Inside: no IPv6 except on the loopback, before the interface comes, so that it is born without.
        using var inside = NetworkNamespace.Run(networkNamespace, static () =>
        {
            DisableIPv6();
            return NetlinkSocket.Open();
        });

        // 2. The pair, its far end already inside.
        AddPair(host, bridge, settings, name, PhysicalAddress.Parse(endpoint.MacAddress!), networkNamespace);
        try
        {
            LinkSysctls.Apply(LinkSysctls.OfPort, name);

            // 3. Inside: address and routes.
            int index = inside.IndexOf(ContainerInterface);
            var batch = new NetlinkBatch(stackalloc byte[BatchSize]);
            batch.SetLink(LoopbackIndex, up: true);
            batch.SetLink(index, up: true);
            batch.AddAddress(index, address, endpoint.PrefixLength);
            batch.AddDefaultRoute(index, settings.Gateway);
            inside.Execute(ref batch);

            // A hardware address that does not follow from the IPv4 address makes what the host remembers of the former holder wrong.
            if (endpoint.MacAddress != HardwareAddress.Format(HardwareAddress.For(address)))
                ForgetNeighbour(host, bridge, address);
        }
        catch
        {
            Delete(host, name);
            throw;
        }
    }

    /// <summary>
    /// Whether packets pass through the port and, when it is the first one, through the bridge. The kernel takes note of a new carrier
    /// later, in a work queue, and drops what is sent until then; a lost first ARP request costs the container a second. Being asked,
    /// newer kernels (6.14) do that work at once.
    /// </summary>
    public static bool IsForwarding(NetlinkSocket host, string bridge, string name) =>
        (host.FindLink(name)?.Operational ?? true) && (host.FindLink(bridge)?.Operational ?? true);

    /// <summary>Makes an interface that has no bridge a port of one again. One that is gone, or belongs to another bridge, is left alone.</summary>
    public static void Connect(NetlinkSocket host, string name, int bridge)
    {
        if (host.FindLink(name) is not { Master: 0 } link)
            return;
        var batch = new NetlinkBatch(stackalloc byte[BatchSize]);
        batch.ChangeLink(link.Index, master: bridge);
        try
        {
            host.Execute(ref batch);
        }
        catch (NetlinkException exception) when (exception.Number == Errno.ENODEV)
        {
        }
    }

    /// <summary>Sets up the loopback of a network namespace that is connected to nothing.</summary>
    public static void AttachNothing(SafeHandle networkNamespace)
    {
        using var inside = NetworkNamespace.Run(networkNamespace, static () =>
        {
            DisableIPv6();
            return NetlinkSocket.Open();
        });
        var batch = new NetlinkBatch(stackalloc byte[BatchSize]);
        batch.SetLink(LoopbackIndex, up: true);
        inside.Execute(ref batch);
    }

    /// <summary>
    /// Cuts a port off at once, without waiting for its removal. The kernel takes apart a dead network namespace some time after its
    /// last process; until then its stack would still answer for an address that may belong to another container by now.
    /// </summary>
    /// <returns>Whether the interface is still there and must go.</returns>
    public static bool Deafen(NetlinkSocket host, string name)
    {
        int index = host.IndexOf(name);
        if (index == 0)
            return false;
        var batch = new NetlinkBatch(stackalloc byte[BatchSize]);
        batch.DeafenPort(index);
        try
        {
            host.Execute(ref batch);
            return true;
        }
        catch (NetlinkException exception) when (exception.Number is Errno.ENODEV or Errno.EINVAL or Errno.EOPNOTSUPP)
        {
            // It went meanwhile, or it is no port any more.
            return host.IndexOf(name) != 0;
        }
    }

    /// <summary>Removes the host's end, and with it the other. Waits for the kernel, some ten milliseconds.</summary>
    public static void Delete(NetlinkSocket host, string name)
    {
        var batch = new NetlinkBatch(stackalloc byte[BatchSize]);
        batch.DeleteLink(name);
        try
        {
            host.Execute(ref batch);
        }
        catch (NetlinkException exception) when (exception.Number == Errno.ENODEV)
        {
        }
    }

    private static void AddPair(
        NetlinkSocket host, int bridge, BridgeSettings settings, string name, PhysicalAddress address, SafeHandle networkNamespace)
    {
        bool held = false;
        try
        {
            networkNamespace.DangerousAddRef(ref held);
            var pair = new VethPair
            {
                Name = name,
                Master = bridge,
                Group = LinkGroup.Of(settings.Name),
                Mtu = settings.Mtu,
                PeerName = ContainerInterface,
                PeerAddress = address,
                PeerNamespace = (int)networkNamespace.DangerousGetHandle(),
            };
            var batch = new NetlinkBatch(stackalloc byte[BatchSize]);
            batch.AddVeth(pair);
            try
            {
                host.Execute(ref batch);
            }
            catch (NetlinkException exception) when (exception.Number == Errno.EEXIST && host.IndexOf(name) != 0)
            {
                // The pair of this container's former life, which the kernel has not taken apart yet.
                Delete(host, name);
                host.Execute(ref batch);
            }
        }
        finally
        {
            if (held)
                networkNamespace.DangerousRelease();
        }
    }

    private static void DisableIPv6()
    {
        // "all" also sets the default for interfaces to come (CVE-2024-32473: IPv6 where nobody asked for it).
        if (NetworkSysctl.Write("ipv6/conf/all/disable_ipv6", "1"u8))
            NetworkSysctl.Write("ipv6/conf/lo/disable_ipv6", "0"u8);
    }

    private static void ForgetNeighbour(NetlinkSocket host, int bridge, IPAddress address)
    {
        var batch = new NetlinkBatch(stackalloc byte[BatchSize]);
        batch.DeleteNeighbour(bridge, address);
        try
        {
            host.Execute(ref batch);
        }
        catch (NetlinkException exception) when (exception.Number == Errno.ENOENT)
        {
        }
    }
}
