namespace Hafen.Logging.JsonFile;

/// <summary>
/// A line of a json-file log as the writer puts it together and the reader takes it apart, its members always in this order:
/// <c>{"log":"text\n","stream":"stdout","attrs":{…},"time":"2026-01-02T03:04:05.1234Z"}</c>. Other programs' lines need not look so.
/// </summary>
internal static class JsonFileFormat
{
    /// <summary>Before the escaped text.</summary>
    public static ReadOnlySpan<byte> Head => "{\"log\":\""u8;

    /// <summary>A line end in the text.</summary>
    public static ReadOnlySpan<byte> LineEnd => "\\n"u8;

    /// <summary>Behind the text's quotation mark, before the stream's name with its own.</summary>
    public static ReadOnlySpan<byte> StreamKey => ",\"stream\":"u8;

    public static ReadOnlySpan<byte> Stdout => "\"stdout\""u8;

    public static ReadOnlySpan<byte> Stderr => "\"stderr\""u8;

    /// <summary>Before the attributes' object, if there is one.</summary>
    public static ReadOnlySpan<byte> AttributesKey => ",\"attrs\":"u8;

    /// <summary>Before the time, which has no escapes.</summary>
    public static ReadOnlySpan<byte> TimeKey => ",\"time\":\""u8;

    /// <summary>Behind the time; the line's end follows.</summary>
    public static ReadOnlySpan<byte> Tail => "\"}"u8;
}
