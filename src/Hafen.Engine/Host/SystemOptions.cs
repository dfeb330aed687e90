namespace Hafen.Engine.Host;

/// <summary>What the daemon knows of itself and tells clients.</summary>
public sealed record SystemOptions
{
    /// <summary>Version of the product.</summary>
    public required string Version { get; init; }
    public string GitCommit { get; init; } = "";

    /// <summary>State that survives a reboot.</summary>
    public required string Root { get; init; }
    public bool Debug { get; init; }

    /// <summary>Labels of the daemon (<c>labels</c> in daemon.json).</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Containers go on when the daemon ends (<c>live-restore</c>).</summary>
    public bool LiveRestore { get; init; } = true;

    /// <summary>Path of <c>hafen-runtime</c>.</summary>
    public required string RuntimePath { get; init; }

    /// <summary>Whether the default bridge's rules are written.</summary>
    public bool Firewall { get; init; } = true;
}
