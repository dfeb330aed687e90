using System.Buffers;
using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Hafen.Linux;
using Hafen.Linux.Netlink;
using Hafen.Networking.Addresses;
using Hafen.Networking.Sandboxes;

namespace Hafen.Networking.Bridge;

/// <summary>A container's veth pair: one end a port of the bridge, the other <c>eth0</c>, say, inside.</summary>
public static class BridgePort
{
    private const int BatchSize = 1024;
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
    /// Connects a sandbox to the bridge. Two exchanges with the kernel, each a single message or batch: what takes the kernel's global lock is asked for as
    /// rarely as can be.
    /// </summary>
    /// <exception cref="NetlinkException">The kernel refused; nothing is left behind.</exception>
    public static void Attach(NetlinkSocket host, int bridge, BridgeSettings settings, Endpoint endpoint, SandboxNamespace sandbox, bool defaultRoute)
    {
        string name = endpoint.HostInterface!, inner = endpoint.ContainerInterface!;
        var address = IPAddress.Parse(endpoint.Address!);
        var inside = sandbox.Socket();

        // 1. The pair, its far end already inside.
        AddPair(host, bridge, settings, endpoint, sandbox.Handle);
        try
        {
            LinkSysctls.Apply(LinkSysctls.OfPort, name);

            // 2. Inside: address and routes.
            int index = inside.IndexOf(inner);
            var batch = new NetlinkBatch(stackalloc byte[BatchSize]);
            batch.SetLink(index, up: true);
            batch.AddAddress(index, address, endpoint.PrefixLength);
            if (defaultRoute)
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

    private static void AddPair(NetlinkSocket host, int bridge, BridgeSettings settings, Endpoint endpoint, SafeHandle networkNamespace)
    {
        string name = endpoint.HostInterface!;
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
                PeerName = endpoint.ContainerInterface!,
                PeerAddress = PhysicalAddress.Parse(endpoint.MacAddress!),
                PeerNamespace = (int)networkNamespace.DangerousGetHandle(),
            };
            var batch = new NetlinkBatch(stackalloc byte[BatchSize]);
            batch.AddVeth(pair);
            host.Execute(ref batch);
        }
        finally
        {
            if (held)
                networkNamespace.DangerousRelease();
        }
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
