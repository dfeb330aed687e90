using System.Net;

namespace Hafen.Networking.Files;

/// <summary>What decides the content of a container's <c>/etc/hosts</c>.</summary>
public sealed record HostsFileRequest
{
    /// <summary>The container's host name, without the domain.</summary>
    public required string Hostname { get; init; }

    /// <summary>The container's domain name; null or empty for none.</summary>
    public string? Domainname { get; init; }

    /// <summary>Addresses of the container in the order of its networks; empty for <c>none</c> and <c>host</c>.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Names besides the host name under which the container's own addresses are listed.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary><c>--add-host</c> as given: <c>name:address</c> or <c>name=address</c>, the address may be <c>host-gateway</c>.</summary>
    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    /// <summary>What <c>host-gateway</c> stands for.</summary>
    public IPAddress? HostGateway { get; init; }

    /// <summary>The host's own <c>/etc/hosts</c> when the container shares the host's network; null otherwise.</summary>
    public string? HostFile { get; init; }
}
