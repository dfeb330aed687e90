using System.Text.Json.Serialization;

namespace Hafen.Api;

/// <summary>Body of <c>POST /containers/{id}/exec</c>.</summary>
public sealed record ExecCreateRequest
{
    public string? User { get; init; }
    public bool Privileged { get; init; }
    public bool Tty { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public uint[]? ConsoleSize { get; init; }
    public bool AttachStdin { get; init; }
    public bool AttachStderr { get; init; }
    public bool AttachStdout { get; init; }
    public string? DetachKeys { get; init; }
    public string[]? Env { get; init; }
    public string? WorkingDir { get; init; }
    [JsonConverter(typeof(StringOrListConverter))] public string[]? Cmd { get; init; }
    public bool Detach { get; init; }
}

/// <summary>Body of <c>POST /exec/{id}/start</c>.</summary>
public sealed record ExecStartRequest
{
    public bool Detach { get; init; }
    public bool Tty { get; init; }

    /// <summary>Height and width in characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public uint[]? ConsoleSize { get; init; }
}

/// <summary>Answer of <c>GET /exec/{id}/json</c>.</summary>
public sealed record ExecInspect
{
    public required string ID { get; init; }
    public bool Running { get; init; }

    /// <summary>Null while the process runs.</summary>
    public int? ExitCode { get; init; }
    public required ExecProcessConfig ProcessConfig { get; init; }
    public bool OpenStdin { get; init; }
    public bool OpenStderr { get; init; }
    public bool OpenStdout { get; init; }
    public bool CanRemove { get; init; }
    public required string ContainerID { get; init; }
    public byte[]? DetachKeys { get; init; }
    public int Pid { get; init; }
}

public sealed record ExecProcessConfig
{
    [JsonPropertyName("tty")] public bool Tty { get; init; }
    [JsonPropertyName("entrypoint")] public string? Entrypoint { get; init; }
    [JsonPropertyName("arguments")] public string[]? Arguments { get; init; }
    [JsonPropertyName("privileged"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public bool? Privileged { get; init; }
    [JsonPropertyName("user"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? User { get; init; }
}
