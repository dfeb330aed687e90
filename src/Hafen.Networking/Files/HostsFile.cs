using System.Net;
using System.Text;
using Hafen.Errors;

namespace Hafen.Networking.Files;

/// <summary>A container's <c>/etc/hosts</c>, in Docker's layout: the fixed names, then extra hosts, then the container itself.</summary>
public static class HostsFile
{
    private const string Fixed =
        "127.0.0.1\tlocalhost\n" +
        "::1\tlocalhost ip6-localhost ip6-loopback\n" +
        "fe00::0\tip6-localnet\n" +
        "ff00::0\tip6-mcastprefix\n" +
        "ff02::1\tip6-allnodes\n" +
        "ff02::2\tip6-allrouters\n";

    /// <summary>Text of the file.</summary>
    /// <exception cref="NetworkException">An extra host is malformed.</exception>
    public static string Build(HostsFileRequest request)
    {
        // With extra hosts Docker leaves the host's file out, so that they can override what stands in it.
        if (request.HostFile is not null && request.ExtraHosts.Count == 0)
            return request.HostFile;

        var text = new StringBuilder(Fixed);
        foreach (string extra in request.ExtraHosts)
        {
            (string name, string address) = ParseExtraHost(extra, request.HostGateway);
            text.Append(address).Append('\t').Append(name).Append('\n');
        }
        if (request.HostFile is not null)
            return text.ToString();

        string names = Names(request);
        foreach (string address in request.Addresses)
            text.Append(address).Append('\t').Append(names).Append('\n');
        return text.ToString();
    }

    /// <summary>Splits <c>name:address</c> or <c>name=address</c> and puts the gateway where <c>host-gateway</c> stands.</summary>
    /// <exception cref="NetworkException">Name or address is missing or no address.</exception>
    public static (string Name, string Address) ParseExtraHost(string text, IPAddress? hostGateway)
    {
        int separator = text.AsSpan().IndexOfAny(':', '=');
        if (separator <= 0)
            throw new NetworkException(ErrorKind.InvalidParameter, $"bad format for add-host: \"{text}\"");
        string name = text[..separator];
        string address = text[(separator + 1)..];
        if (address == "host-gateway")
        {
            return hostGateway is null
                ? throw new NetworkException(ErrorKind.InvalidParameter, "unable to derive the IP value for host-gateway")
                : (name, hostGateway.ToString());
        }
        if (address is ['[', .. var inner, ']'])
            address = inner;
        return IPAddress.TryParse(address, out _)
            ? (name, address)
            : throw new NetworkException(ErrorKind.InvalidParameter, $"invalid IP address in add-host: \"{address}\"");
    }

    private static string Names(HostsFileRequest request)
    {
        string full = string.IsNullOrEmpty(request.Domainname) ? request.Hostname : $"{request.Hostname}.{request.Domainname}";
        int dot = full.IndexOf('.', StringComparison.Ordinal);
        string names = dot < 0 ? full : $"{full} {full[..dot]}";
        return request.Aliases.Count == 0 ? names : $"{names} {string.Join(' ', request.Aliases)}";
    }
}
