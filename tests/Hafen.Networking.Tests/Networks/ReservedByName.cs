using System.Net;
using System.Net.NetworkInformation;
using Hafen.Linux.Tests.Netlink;

namespace Hafen.Networking.Tests.NetworksRoom;

internal static class ReservedByName
{
    /// <summary>As a container's request names its network.</summary>
    public static Endpoint Reserve(this HostNetworks networks, string containerId, string network, IPAddress? address, PhysicalAddress? mac)
        => (networks.FindSandbox(containerId) ?? networks.CreateSandboxAsync(containerId, default).GetAwaiter().GetResult())
            .Reserve(networks.ForContainer(network)!, new EndpointRequest { Address = address, MacAddress = mac });

    /// <summary>Makes the interfaces of the sandbox of an endpoint.</summary>
    /// <returns>Its namespace, which stays as if a process were in it.</returns>
    public static async Task<TestNamespace> ConnectAsync(this HostNetworks networks, Endpoint endpoint)
    {
        var sandbox = networks.FindSandbox(endpoint.ContainerId)!;
        await sandbox.OpenAsync(default);
        var inside = new TestNamespace(sandbox.NamespacePath!);
        try
        {
            await sandbox.ConnectAsync(default);
            return inside;
        }
        catch
        {
            inside.Dispose();
            throw;
        }
    }
}
