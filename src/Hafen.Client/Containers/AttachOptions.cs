namespace Hafen.Client.Containers;

/// <summary>Which streams of a container to connect to.</summary>
public sealed record AttachOptions
{
    public bool Stdin { get; init; }

    public bool Stdout { get; init; }

    public bool Stderr { get; init; }

    /// <summary>What was written before comes first.</summary>
    public bool Logs { get; init; }

    /// <summary>Key sequence that detaches, or null for the daemon's default (ctrl-p,ctrl-q).</summary>
    public string? DetachKeys { get; init; }
}
