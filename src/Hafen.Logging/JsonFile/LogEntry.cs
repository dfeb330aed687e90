namespace Hafen.Logging.JsonFile;

/// <summary>One line of a json-file log; the spans point into the line.</summary>
internal readonly ref struct LogEntry
{
    /// <summary>The text, still with its JSON escapes.</summary>
    public required ReadOnlySpan<byte> Text { get; init; }

    /// <summary>Whether <see cref="Text"/> has escapes at all.</summary>
    public required bool Escaped { get; init; }
    public required LogStream Stream { get; init; }

    /// <summary>RFC 3339, without escapes.</summary>
    public required ReadOnlySpan<byte> Time { get; init; }

    /// <summary>The <c>attrs</c> object as JSON; empty when absent.</summary>
    public required ReadOnlySpan<byte> Attributes { get; init; }
}
