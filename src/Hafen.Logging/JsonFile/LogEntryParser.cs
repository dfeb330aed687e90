using System.Text.Json;

namespace Hafen.Logging.JsonFile;

/// <summary>
/// Reads lines of the json-file driver. The driver writes its members always in the same order, so a line is three vectorised searches;
/// what looks different goes to a general JSON reader, and what that refuses is corrupt.
/// </summary>
internal static class LogEntryParser
{
    /// <summary>Parses one line without its line end; false when it is corrupt.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out LogEntry entry)
    {
        if (TryParsePlain(line, out entry))
            return true;
        // A writer that was killed in the middle of an entry leaves half of it, or all but its line end, before the next one: that one is good.
        int again = line.Length > 1 ? line[1..].LastIndexOf(JsonFileFormat.Head) : -1;
        if (again >= 0 && TryParsePlain(line[(again + 1)..], out entry))
            return true;
        return TryParseAny(line, out entry) || (again >= 0 && TryParseAny(line[(again + 1)..], out entry));
    }

    private static bool TryParsePlain(ReadOnlySpan<byte> line, out LogEntry entry)
    {
        entry = default;
        if (!line.StartsWith(JsonFileFormat.Head))
            return false;
        var rest = line[JsonFileFormat.Head.Length..];
        int end = 0;
        bool escaped = false;
        while (true)
        {
            int found = rest[end..].IndexOfAny((byte)'"', (byte)'\\');
            if (found < 0)
                return false;
            end += found;
            if (rest[end] == '"')
                break;
            escaped = true;
            end += 2;
            if (end >= rest.Length)
                return false;
        }
        var text = rest[..end];
        rest = rest[(end + 1)..];

        if (!rest.StartsWith(JsonFileFormat.StreamKey))
            return false;
        rest = rest[JsonFileFormat.StreamKey.Length..];
        LogStream stream;
        if (rest.StartsWith(JsonFileFormat.Stdout))
            stream = LogStream.Stdout;
        else if (rest.StartsWith(JsonFileFormat.Stderr))
            stream = LogStream.Stderr;
        else
            return false;
        rest = rest[JsonFileFormat.Stdout.Length..];

        ReadOnlySpan<byte> attributes = default;
        if (rest.StartsWith(JsonFileFormat.AttributesKey))
        {
            // The time is the last member and has no escapes, so the object ends before the last comma.
            int time = rest.LastIndexOf(JsonFileFormat.TimeKey);
            if (time < 0)
                return false;
            attributes = rest[JsonFileFormat.AttributesKey.Length..time];
            if (attributes.Length < 2 || attributes[0] != '{' || attributes[^1] != '}')
                return false;
            rest = rest[time..];
        }
        if (!rest.StartsWith(JsonFileFormat.TimeKey) || !rest.EndsWith(JsonFileFormat.Tail))
            return false;
        var when = rest[JsonFileFormat.TimeKey.Length..^2];
        if (when.IndexOfAny((byte)'"', (byte)'\\') >= 0)
            return false;
        entry = new LogEntry { Text = text, Escaped = escaped, Stream = stream, Time = when, Attributes = attributes };
        return true;
    }

    private static bool TryParseAny(ReadOnlySpan<byte> line, out LogEntry entry)
    {
        entry = default;
        ReadOnlySpan<byte> text = default, time = default, attributes = default;
        bool escaped = false;
        LogStream? stream = null;
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("log"u8))
                {
                    if (!reader.Read() || reader.TokenType != JsonTokenType.String)
                        return false;
                    text = reader.ValueSpan;
                    escaped = reader.ValueIsEscaped;
                }
                else if (reader.ValueTextEquals("stream"u8))
                {
                    reader.Read();
                    stream = reader.ValueTextEquals("stdout"u8) ? LogStream.Stdout
                        : reader.ValueTextEquals("stderr"u8) ? LogStream.Stderr : null;
                }
                else if (reader.ValueTextEquals("time"u8))
                {
                    if (!reader.Read() || reader.TokenType != JsonTokenType.String)
                        return false;
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
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
        if (stream is not { } known || time.IsEmpty)
            return false;
        entry = new LogEntry { Text = text, Escaped = escaped, Stream = known, Time = time, Attributes = attributes };
        return true;
    }
}
