using System.Text.Json.Serialization;

namespace Hafen.Oci.Runtime;

/// <summary>A bundle's <c>config.json</c> (OCI runtime-spec 1.2, config.md). Absent members are null.</summary>
public sealed record RuntimeSpec
{
    [JsonPropertyName("ociVersion")] public required string OciVersion { get; init; }
    public SpecProcess? Process { get; init; }
    public SpecRoot? Root { get; init; }
    public string? Hostname { get; init; }
    public string? Domainname { get; init; }
    public SpecMount[]? Mounts { get; init; }
    public SpecHooks? Hooks { get; init; }
    public SpecLinux? Linux { get; init; }
    public Dictionary<string, string>? Annotations { get; init; }
}

/// <summary>The container's root file system; a relative path is relative to the bundle.</summary>
public sealed record SpecRoot
{
    public required string Path { get; init; }
    [JsonPropertyName("readonly")] public bool Readonly { get; init; }
}

/// <summary>The process to execute in the container, also the body of <c>exec --process</c>.</summary>
public sealed record SpecProcess
{
    public bool Terminal { get; init; }
    public SpecConsoleSize? ConsoleSize { get; init; }
    public required SpecUser User { get; init; }
    public string[]? Args { get; init; }
    public string[]? Env { get; init; }
    public required string Cwd { get; init; }
    public SpecCapabilities? Capabilities { get; init; }
    public SpecRlimit[]? Rlimits { get; init; }
    public bool NoNewPrivileges { get; init; }
    public string? ApparmorProfile { get; init; }
    public string? SelinuxLabel { get; init; }
    public int? OomScoreAdj { get; init; }
    public SpecScheduler? Scheduler { get; init; }
    [JsonPropertyName("ioPriority")] public SpecIoPriority? IoPriority { get; init; }
    [JsonPropertyName("execCPUAffinity")] public SpecCpuAffinity? ExecCpuAffinity { get; init; }
}

/// <summary>Terminal size in characters.</summary>
public sealed record SpecConsoleSize
{
    public uint Height { get; init; }
    public uint Width { get; init; }
}

public sealed record SpecUser
{
    public uint Uid { get; init; }
    public uint Gid { get; init; }
    public uint? Umask { get; init; }
    public uint[]? AdditionalGids { get; init; }
}

/// <summary>The five capability sets, names as <c>CAP_…</c>.</summary>
public sealed record SpecCapabilities
{
    public string[]? Bounding { get; init; }
    public string[]? Effective { get; init; }
    public string[]? Inheritable { get; init; }
    public string[]? Permitted { get; init; }
    public string[]? Ambient { get; init; }
}

public sealed record SpecRlimit
{
    public required string Type { get; init; }
    public ulong Hard { get; init; }
    public ulong Soft { get; init; }
}

public sealed record SpecScheduler
{
    public required string Policy { get; init; }
    public int? Nice { get; init; }
    public int? Priority { get; init; }
    public string[]? Flags { get; init; }
    public ulong? Runtime { get; init; }
    public ulong? Deadline { get; init; }
    public ulong? Period { get; init; }
}

public sealed record SpecIoPriority
{
    public required string Class { get; init; }
    public int Priority { get; init; }
}

public sealed record SpecCpuAffinity
{
    public string? Initial { get; init; }
    public string? Final { get; init; }
}

public sealed record SpecMount
{
    public required string Destination { get; init; }
    public string? Type { get; init; }
    public string? Source { get; init; }
    public string[]? Options { get; init; }
    public SpecIdMapping[]? UidMappings { get; init; }
    public SpecIdMapping[]? GidMappings { get; init; }
}

public sealed record SpecHooks
{
    public SpecHook[]? Prestart { get; init; }
    public SpecHook[]? CreateRuntime { get; init; }
    public SpecHook[]? CreateContainer { get; init; }
    public SpecHook[]? StartContainer { get; init; }
    public SpecHook[]? Poststart { get; init; }
    public SpecHook[]? Poststop { get; init; }
}

public sealed record SpecHook
{
    public required string Path { get; init; }
    public string[]? Args { get; init; }
    public string[]? Env { get; init; }
    /// <summary>Seconds before the hook is killed; absent means no limit.</summary>
    public int? Timeout { get; init; }
}
