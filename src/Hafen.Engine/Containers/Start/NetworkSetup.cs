using System.Net;
using System.Net.NetworkInformation;
using System.Text;
using Hafen.Engine.Containers.Create;
using Hafen.Engine.State;
using Hafen.Errors;
using Hafen.Linux.FileSystem;
using Hafen.Networking;
using Hafen.Networking.Files;

namespace Hafen.Engine.Containers.Start;

/// <summary>A start's network part: the sandbox and its places first, then the files that name them.</summary>
internal sealed class NetworkSetup(INetworks networks, CurrentOptions options)
{
    public const string HostsFileName = "hosts", HostnameFileName = "hostname", ResolvConfFileName = "resolv.conf";

    /// <summary>Makes the sandbox of a container and takes its places in the networks. It has no sandbox of its own when it joins another container's.</summary>
    /// <exception cref="EngineException">No such network, or no address.</exception>
    public async Task<ISandbox?> ReserveAsync(ContainerRecord record)
    {
        if (record.Networks.Length == 0)
            return null;
        try
        {
            var sandbox = await networks.CreateSandboxAsync(record.Id, CancellationToken.None);
            foreach (var network in record.Networks)
            {
                var settings = network.Settings;
                var found = networks.ForContainer(network.Name)
                    ?? throw new NetworkException(ErrorKind.NotFound, $"network {network.Name} not found");
                sandbox.Reserve(found, new EndpointRequest { Address = Address(settings.IPAMConfig?.IPv4Address), MacAddress = Mac(settings.MacAddress) });
            }
            return sandbox;
        }
        catch (NetworkException exception)
        {
            throw Translate(exception);
        }
    }

    /// <summary>Gives back whatever a container holds of the networks.</summary>
    public Task ReleaseAsync(Container container, CancellationToken cancellationToken) => networks.ReleaseSandboxAsync(container.Id, cancellationToken);

    /// <summary>Writes the files every container finds under <c>/etc</c>. They are made anew at each start.</summary>
    public void WriteFiles(Container container, string hostname, IReadOnlyList<Endpoint> endpoints)
    {
        var record = container.Record;
        var host = record.HostConfig;
        var current = options.Value;
        bool hostNetwork = NetworkChoice.Of(host, record.Config, networks).UsesHost;
        string hosts, resolv;
        try
        {
            hosts = HostsFile.Build(new HostsFileRequest
            {
                Hostname = hostname,
                Domainname = record.Config.Domainname,
                Addresses = [.. endpoints.Where(e => e.Address is not null).Select(e => e.Address!)],
                ExtraHosts = host.ExtraHosts ?? [],
                HostGateway = Gateway(current, endpoints),
                HostFile = hostNetwork ? ReadOrEmpty("/etc/hosts") : null,
            });
            resolv = ResolvConf.Build(new ResolvConfRequest
            {
                HostFile = ResolvConf.ReadHostFile(),
                Nameservers = host.Dns is { Length: > 0 } ? host.Dns : current.Dns,
                Search = host.DnsSearch is { Length: > 0 } ? host.DnsSearch : current.DnsSearch,
                Options = host.DnsOptions is { Length: > 0 } ? host.DnsOptions : current.DnsOptions,
                HostNetwork = hostNetwork,
            });
        }
        catch (NetworkException exception)
        {
            throw Translate(exception);
        }
        Write(container, HostsFileName, hosts);
        Write(container, HostnameFileName, HostnameFile.Build(hostname));
        Write(container, ResolvConfFileName, resolv);
    }

    // A network that is not there speaks for itself: clients match on the whole text.
    public static EngineException Translate(NetworkException e)
        => new(e.Kind, e.Kind == ErrorKind.NotFound ? e.Message : $"failed to set up container networking: {e.Message}", e);

    private IPAddress? Gateway(EngineOptions current, IReadOnlyList<Endpoint> endpoints)
    {
        if (current.HostGateway is { } wanted)
            return wanted;
        string? gateway = endpoints.FirstOrDefault(e => e.Gateway is not null)?.Gateway ?? networks.ForContainer(NetworkInfo.DefaultName)?.Gateway;
        return IPAddress.TryParse(gateway, out var address) ? address : null;
    }

    private static IPAddress? Address(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        return IPAddress.TryParse(text, out var address) ? address : throw EngineException.InvalidParameter($"invalid IPv4 address: {text}");
    }

    private static PhysicalAddress? Mac(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        return PhysicalAddress.TryParse(text.Replace(':', '-'), out var mac)
            ? mac
            : throw EngineException.InvalidParameter($"invalid MAC address: {text}");
    }

    /// <summary>In place, not by rename: a container that shares this one's network has the same file mounted.</summary>
    private static void Write(Container container, string name, string content)
    {
        using var file = new FileStream(Path.Combine(container.Folder, name), new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
        });
        file.Write(Encoding.UTF8.GetBytes(content));
    }

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
