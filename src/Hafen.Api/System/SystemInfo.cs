using System.Text.Json.Serialization;

namespace Hafen.Api;

/// <summary>Answer of <c>GET /info</c>.</summary>
public sealed record SystemInfo
{
    public string? ID { get; init; }
    public int Containers { get; init; }
    public int ContainersRunning { get; init; }
    public int ContainersPaused { get; init; }
    public int ContainersStopped { get; init; }
    public int Images { get; init; }
    public string? Driver { get; init; }
    public string[][]? DriverStatus { get; init; }
    public required SystemPlugins Plugins { get; init; }
    public bool MemoryLimit { get; init; }
    public bool SwapLimit { get; init; }
    public bool CpuCfsPeriod { get; init; }
    public bool CpuCfsQuota { get; init; }
    public bool CPUShares { get; init; }
    public bool CPUSet { get; init; }
    public bool PidsLimit { get; init; }
    public bool IPv4Forwarding { get; init; }
    public bool Debug { get; init; }

    /// <summary>Open descriptors of the daemon.</summary>
    public int NFd { get; init; }
    public bool OomKillDisable { get; init; }

    /// <summary>Docker counts goroutines; here it is the number of threads.</summary>
    public int NGoroutines { get; init; }
    public string? SystemTime { get; init; }
    public string? LoggingDriver { get; init; }
    public string? CgroupDriver { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? CgroupVersion { get; init; }
    public int NEventsListener { get; init; }
    public string? KernelVersion { get; init; }
    public string? OperatingSystem { get; init; }
    public string? OSVersion { get; init; }
    public string? OSType { get; init; }
    public string? Architecture { get; init; }
    public string? IndexServerAddress { get; init; }
    public RegistryServiceConfig? RegistryConfig { get; init; }
    public int NCPU { get; init; }
    public long MemTotal { get; init; }
    public string[]? GenericResources { get; init; }
    public string? DockerRootDir { get; init; }
    public string? HttpProxy { get; init; }
    public string? HttpsProxy { get; init; }
    public string? NoProxy { get; init; }
    public string? Name { get; init; }
    public string[]? Labels { get; init; }
    public bool ExperimentalBuild { get; init; }
    public string? ServerVersion { get; init; }
    public Dictionary<string, SystemRuntime>? Runtimes { get; init; }
    public string? DefaultRuntime { get; init; }
    public required SwarmInfo Swarm { get; init; }
    public bool LiveRestoreEnabled { get; init; }
    public string? Isolation { get; init; }
    public string? InitBinary { get; init; }
    public required SystemCommit ContainerdCommit { get; init; }
    public required SystemCommit RuncCommit { get; init; }
    public required SystemCommit InitCommit { get; init; }
    public string[]? SecurityOptions { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? ProductLicense { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public SystemAddressPool[]? DefaultAddressPools { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public SystemFirewall? FirewallBackend { get; init; }
    public string[]? CDISpecDirs { get; init; }
    public string[]? Warnings { get; init; }
}

public sealed record SystemPlugins
{
    public string[]? Volume { get; init; }
    public string[]? Network { get; init; }
    public string[]? Authorization { get; init; }
    public string[]? Log { get; init; }
}

public sealed record RegistryServiceConfig
{
    public string[]? InsecureRegistryCIDRs { get; init; }
    public Dictionary<string, RegistryIndex>? IndexConfigs { get; init; }
    public string[]? Mirrors { get; init; }
}

public sealed record RegistryIndex
{
    public required string Name { get; init; }
    public string[]? Mirrors { get; init; }
    public bool Secure { get; init; }
    public bool Official { get; init; }
}

public sealed record SystemRuntime
{
    [JsonPropertyName("path"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Path { get; init; }
    [JsonPropertyName("runtimeArgs"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string[]? Args { get; init; }
    [JsonPropertyName("status"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public Dictionary<string, string>? Status { get; init; }
}

/// <summary>Clients look here whether the node is in a swarm; <c>LocalNodeState</c> is <c>inactive</c> when it is not.</summary>
public sealed record SwarmInfo
{
    public string? NodeID { get; init; }
    public string? NodeAddr { get; init; }
    public required string LocalNodeState { get; init; }
    public bool ControlAvailable { get; init; }
    public string? Error { get; init; }
    public string[]? RemoteManagers { get; init; }
}

public sealed record SystemCommit
{
    public string? ID { get; init; }
}

public sealed record SystemAddressPool
{
    public string? Base { get; init; }
    public int Size { get; init; }
}

public sealed record SystemFirewall
{
    public required string Driver { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string[][]? Info { get; init; }
}
