using System.Text.Json;

namespace Hafen.Logging.JsonFile;

/// <summary>
/// Reads lines of the json-file driver. The driver writes its members always in the same order, so a line is three vectorised searches;
/// what looks different goes to a general JSON reader, and what that refuses is corrupt.
/// </summary>
internal static class LogEntryParser
{
    private static ReadOnlySpan<byte> Head => "{\"log\":\""u8;
    private static ReadOnlySpan<byte> StreamKey => ",\"stream\":\"std"u8;
    private static ReadOnlySpan<byte> TimeKey => ",\"time\":\""u8;
    private static ReadOnlySpan<byte> AttributesKey => ",\"attrs\":"u8;

    /// <summary>Parses one line without its line end; false when it is corrupt.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out LogEntry entry)
    {
        if (TryParseUsual(line, out entry) || TryParseAny(line, out entry)) return true;
        // A writer that was killed in the middle of an entry leaves half of it before the next one: that one is good.
        int again = line.Length > 1 ? line[1..].LastIndexOf(Head) : -1;
        return again >= 0 && (TryParseUsual(line[(again + 1)..], out entry) || TryParseAny(line[(again + 1)..], out entry));
    }

    private static bool TryParseUsual(ReadOnlySpan<byte> line, out LogEntry entry)
    {
        entry = default;
        if (!line.StartsWith(Head)) return false;
        var rest = line[Head.Length..];
        int end = 0;
        bool escaped = false;
        while (true)
        {
            int found = rest[end..].IndexOfAny((byte)'"', (byte)'\\');
            if (found < 0) return false;
            end += found;
            if (rest[end] == '"') break;
            escaped = true;
            end += 2;
            if (end >= rest.Length) return false;
        }
        var text = rest[..end];
        rest = rest[(end + 1)..];

        if (!rest.StartsWith(StreamKey)) return false;
        rest = rest[StreamKey.Length..];
        LogStream stream;
        if (rest.StartsWith("out\""u8)) stream = LogStream.Stdout;
        else if (rest.StartsWith("err\""u8)) stream = LogStream.Stderr;
        else return false;
        rest = rest[4..];

        ReadOnlySpan<byte> attributes = default;
        if (rest.StartsWith(AttributesKey))
        {
            // The time is the last member and has no escapes, so the object ends before the last comma.
            int time = rest.LastIndexOf(TimeKey);
            if (time < 0) return false;
            attributes = rest[AttributesKey.Length..time];
            if (attributes.Length < 2 || attributes[0] != '{' || attributes[^1] != '}') return false;
            rest = rest[time..];
        }
        if (!rest.StartsWith(TimeKey) || !rest.EndsWith("\"}"u8)) return false;
        var when = rest[TimeKey.Length..^2];
        if (when.IndexOfAny((byte)'"', (byte)'\\') >= 0) return false;
        entry = new LogEntry { Text = text, Escaped = escaped, Stream = stream, Time = when, Attributes = attributes };
        return true;
    }

    private static bool TryParseAny(ReadOnlySpan<byte> line, out LogEntry entry)
    {
        entry = default;
        ReadOnlySpan<byte> text = default, time = default, attributes = default;
        bool escaped = false;
        var stream = LogStream.Unknown;
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("log"u8))
                {
                    if (!reader.Read() || reader.TokenType != JsonTokenType.String) return false;
                    text = reader.ValueSpan;
                    escaped = reader.ValueIsEscaped;
                }
                else if (reader.ValueTextEquals("stream"u8))
                {
                    reader.Read();
                    stream = reader.ValueTextEquals("stdout"u8) ? LogStream.Stdout
                        : reader.ValueTextEquals("stderr"u8) ? LogStream.Stderr : LogStream.Unknown;
                }
                else if (reader.ValueTextEquals("time"u8))
                {
                    if (!reader.Read() || reader.TokenType != JsonTokenType.String) return false;
                    time = reader.ValueSpan;
                }
                else if (reader.ValueTextEquals("attrs"u8))
                {
                    reader.Read();
                    int start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    attributes = line[start..(int)reader.BytesConsumed];
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
        if (stream == LogStream.Unknown || time.IsEmpty) return false;
        entry = new LogEntry { Text = text, Escaped = escaped, Stream = stream, Time = time, Attributes = attributes };
        return true;
    }
}
