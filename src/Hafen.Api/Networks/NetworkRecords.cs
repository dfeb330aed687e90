using System.Text.Json.Serialization;

namespace Hafen.Api;

/// <summary>The networks a container is created in, by name or ID.</summary>
public sealed record NetworkingConfig
{
    public Dictionary<string, EndpointSettings?>? EndpointsConfig { get; init; }
}

/// <summary>A container's place in a network: what was asked for and, while it runs, what it got.</summary>
public sealed record EndpointSettings
{
    public EndpointIpamConfig? IPAMConfig { get; init; }
    public string[]? Links { get; init; }
    public string[]? Aliases { get; init; }
    public string? MacAddress { get; init; }
    public Dictionary<string, string>? DriverOpts { get; init; }
    public int GwPriority { get; init; }
    public string? NetworkID { get; init; }
    public string? EndpointID { get; init; }
    public string? Gateway { get; init; }
    public string? IPAddress { get; init; }
    public int IPPrefixLen { get; init; }
    public string? IPv6Gateway { get; init; }
    public string? GlobalIPv6Address { get; init; }
    public int GlobalIPv6PrefixLen { get; init; }
    public string[]? DNSNames { get; init; }
}

public sealed record EndpointIpamConfig
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? IPv4Address { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? IPv6Address { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string[]? LinkLocalIPs { get; init; }
}

/// <summary>A network in <c>GET /networks</c> and <c>GET /networks/{id}</c>.</summary>
public sealed record NetworkInspect
{
    public required string Name { get; init; }
    public required string Id { get; init; }
    public required string Created { get; init; }
    public required string Scope { get; init; }
    public required string Driver { get; init; }
    public bool EnableIPv4 { get; init; }
    public bool EnableIPv6 { get; init; }
    public required NetworkIpam IPAM { get; init; }
    public bool Internal { get; init; }
    public bool Attachable { get; init; }
    public bool Ingress { get; init; }
    public required NetworkConfigReference ConfigFrom { get; init; }
    public bool ConfigOnly { get; init; }

    /// <summary>By container ID.</summary>
    public required Dictionary<string, NetworkContainer> Containers { get; init; }
    public required IReadOnlyDictionary<string, string> Options { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}

public sealed record NetworkIpam
{
    public string? Driver { get; init; }
    public Dictionary<string, string>? Options { get; init; }
    public NetworkIpamPool[]? Config { get; init; }
}

public sealed record NetworkIpamPool
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Subnet { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? IPRange { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Gateway { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public Dictionary<string, string>? AuxiliaryAddresses { get; init; }
}

public sealed record NetworkConfigReference
{
    public string? Network { get; init; }
}

public sealed record NetworkContainer
{
    public string? Name { get; init; }
    public string? EndpointID { get; init; }
    public string? MacAddress { get; init; }

    /// <summary>With prefix length.</summary>
    public string? IPv4Address { get; init; }
    public string? IPv6Address { get; init; }
}

public sealed record NetworkCreateRequest
{
    public string? Name { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public bool? CheckDuplicate { get; init; }
    public string? Driver { get; init; }
    public string? Scope { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public bool? EnableIPv4 { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public bool? EnableIPv6 { get; init; }
    public NetworkIpam? IPAM { get; init; }
    public bool Internal { get; init; }
    public bool Attachable { get; init; }
    public bool Ingress { get; init; }
    public bool ConfigOnly { get; init; }
    public NetworkConfigReference? ConfigFrom { get; init; }
    public Dictionary<string, string>? Options { get; init; }
    public Dictionary<string, string>? Labels { get; init; }
}

public sealed record NetworkCreateResponse
{
    public required string Id { get; init; }
    public string? Warning { get; init; }
}

public sealed record NetworkConnectRequest
{
    public string? Container { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public EndpointSettings? EndpointConfig { get; init; }
}

public sealed record NetworkDisconnectRequest
{
    public string? Container { get; init; }
    public bool Force { get; init; }
}

public sealed record NetworksPruneReport
{
    public string[]? NetworksDeleted { get; init; }
}
