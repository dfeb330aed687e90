using System.Buffers.Binary;
using System.Text.Json;
using System.Text;

namespace Hafen.Logging.JsonFile;

/// <summary>Writes entries as <c>docker logs</c> reads them: frames or plain text, with time and attributes where they are wanted.</summary>
internal sealed class LogEntryWriter(LogRequest request)
{
    private const int HeaderSize = 8;

    /// <summary>Bytes that an entry made of a line of this length takes at most.</summary>
    public static int MaxSize(int lineLength) => HeaderSize + LogTime.FixedLength + 2 + lineLength * 3;

    /// <summary>Writes one entry into a span of <see cref="MaxSize"/> bytes; returns the bytes written, 0 when its stream is not wanted.</summary>
    public int Write(in LogEntry entry, Span<byte> target)
    {
        if (!(entry.Stream == LogStream.Stdout ? request.Stdout : request.Stderr)) return 0;
        int at = request.Multiplexed ? HeaderSize : 0;
        if (request.Timestamps)
        {
            at += LogTime.WriteFixed(entry.Time, target[at..]);
            target[at++] = (byte)' ';
        }
        if (request.Details)
        {
            at += WriteAttributes(entry.Attributes, target[at..]);
            target[at++] = (byte)' ';
        }
        if (entry.Escaped)
        {
            at += JsonText.Unescape(entry.Text, target[at..]);
        }
        else
        {
            entry.Text.CopyTo(target[at..]);
            at += entry.Text.Length;
        }
        if (request.Multiplexed)
        {
            BinaryPrimitives.WriteUInt32BigEndian(target, (uint)entry.Stream << 24);
            BinaryPrimitives.WriteUInt32BigEndian(target[4..], (uint)(at - HeaderSize));
        }
        return at;
    }

    /// <summary><c>key=value,key=value</c>, sorted by key and percent-encoded as in a query.</summary>
    private static int WriteAttributes(ReadOnlySpan<byte> json, Span<byte> target)
    {
        if (json.IsEmpty) return 0;
        var pairs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName) continue;
                string key = reader.GetString()!;
                if (reader.Read() && reader.TokenType == JsonTokenType.String) pairs[key] = reader.GetString()!;
            }
        }
        catch (JsonException)
        {
            return 0;
        }
        string text = string.Join(',', pairs.Select(pair => $"{QueryEscape(pair.Key)}={QueryEscape(pair.Value)}"));
        return Encoding.ASCII.GetBytes(text, target);
    }

    private static string QueryEscape(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
