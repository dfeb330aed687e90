namespace Hafen.Daemon.Configuration;

/// <summary>What the operator decided, by flags and <c>daemon.json</c>; null where nothing was said.</summary>
public sealed record DaemonSettings
{
    /// <summary>Seconds the daemon's end may take when nobody says otherwise.</summary>
    public const int DefaultShutdownTimeout = 15;

    public IReadOnlyList<string> Hosts { get; init; } = [];
    public string? DataRoot { get; init; }
    public string? ExecRoot { get; init; }
    public string? PidFile { get; init; }
    public string? Group { get; init; }
    public bool Debug { get; init; }
    public string? LogLevel { get; init; }

    /// <summary>A bridge that somebody else has made, or <c>none</c>.</summary>
    public string? Bridge { get; init; }

    /// <summary>Another name for the bridge that the daemon makes itself.</summary>
    public string? BridgeName { get; init; }
    public string? Bip { get; init; }
    public string? FixedCidr { get; init; }
    public int? Mtu { get; init; }
    public bool Firewall { get; init; } = true;
    public bool Forwarding { get; init; } = true;
    public bool Masquerade { get; init; } = true;
    public string? HostGateway { get; init; }
    public IReadOnlyList<string> Dns { get; init; } = [];
    public IReadOnlyList<string> DnsSearch { get; init; } = [];
    public IReadOnlyList<string> DnsOptions { get; init; } = [];

    public bool Tls { get; init; }
    public bool TlsVerify { get; init; }

    /// <summary>Somebody has said yes or no to TLS, so that a socket without it is meant.</summary>
    public bool TlsDecided { get; init; }
    public string? TlsCaCertificate { get; init; }
    public string? TlsCertificate { get; init; }
    public string? TlsKey { get; init; }

    public string? RuntimePath { get; init; }
    public bool Init { get; init; }
    public string? InitPath { get; init; }
    public string? CgroupParent { get; init; }
    public string? DefaultShmSize { get; init; }
    public string? DefaultIpcMode { get; init; }

    /// <summary>Seconds between the stop signal and SIGKILL; -1 for no limit.</summary>
    public int? DefaultStopTimeout { get; init; }
    public IReadOnlyList<string> DefaultUlimits { get; init; } = [];
    public string? LogDriver { get; init; }
    public IReadOnlyList<string> LogOptions { get; init; } = [];
    public bool NoNewPrivileges { get; init; }
    public int? ShutdownTimeout { get; init; }

    /// <summary>Containers go on when the daemon ends; false when they are to be stopped with it.</summary>
    public bool LiveRestore { get; init; } = true;
    public IReadOnlyList<string> Labels { get; init; } = [];
}
