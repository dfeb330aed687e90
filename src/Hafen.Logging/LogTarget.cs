namespace Hafen.Logging;

/// <summary>How a monitor writes its container's output. It travels from daemon to monitor: the first six members are fixed fields of that protocol (0065).</summary>
public sealed record LogTarget
{
    /// <summary><see cref="ILogDriver.Name"/> of the driver that writes.</summary>
    public required string Driver { get; init; }

    /// <summary>The file it writes into, or null.</summary>
    public string? Path { get; init; }

    /// <summary>Bytes before the file is rotated; 0 means never.</summary>
    public long MaxSize { get; init; }

    /// <summary>Number of files kept, the current one included; at least 1.</summary>
    public int MaxFiles { get; init; } = 1;

    /// <summary>Gzip rotated files.</summary>
    public bool Compress { get; init; }

    /// <summary>What each line carries besides its text (labels, env and tag options), as a JSON object; null for nothing.</summary>
    public string? Attributes { get; init; }

    /// <summary>What else the driver's writer is told, each <c>name=value</c> with names of the driver's own.</summary>
    public string[] Options { get; init; } = [];
}
