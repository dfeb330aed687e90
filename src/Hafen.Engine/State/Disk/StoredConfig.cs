namespace Hafen.Engine.State.Disk;

/// <summary>The part of a stored container that does not depend on the host.</summary>
internal sealed record StoredConfig
{
    public string? Hostname { get; init; }
    public string? Domainname { get; init; }
    public string? User { get; init; }
    public bool AttachStdin { get; init; }
    public bool AttachStdout { get; init; }
    public bool AttachStderr { get; init; }
    public Dictionary<string, StoredMark>? ExposedPorts { get; init; }
    public bool Tty { get; init; }
    public bool OpenStdin { get; init; }
    public bool StdinOnce { get; init; }
    public string[]? Env { get; init; }
    public string[]? Cmd { get; init; }
    public StoredHealthCheck? Healthcheck { get; init; }
    public bool ArgsEscaped { get; init; }
    public string? Image { get; init; }
    public Dictionary<string, StoredMark>? Volumes { get; init; }
    public string? WorkingDir { get; init; }
    public string[]? Entrypoint { get; init; }
    public bool NetworkDisabled { get; init; }
    public string? MacAddress { get; init; }
    public string[]? OnBuild { get; init; }
    public Dictionary<string, string>? Labels { get; init; }
    public string? StopSignal { get; init; }

    /// <summary>Seconds between the stop signal and SIGKILL; -1 is "for ever".</summary>
    public int? StopTimeout { get; init; }

    public string[]? Shell { get; init; }
}
