namespace Hafen.Client.Containers;

/// <summary>Which part of a log to read. Times are Unix seconds with optional nanoseconds after a point.</summary>
public sealed record LogOptions
{
    public string? Since { get; init; }

    public string? Until { get; init; }

    public bool Timestamps { get; init; }

    public bool Details { get; init; }

    public bool Follow { get; init; }

    /// <summary>Number of lines from the end, or <c>all</c>.</summary>
    public string? Tail { get; init; }
}
