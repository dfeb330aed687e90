using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using System.Text;
using Hafen.Logging.Readers;

namespace Hafen.Logging.JsonFile;

/// <summary>
/// Writes entries as <c>docker logs</c> reads them: frames or plain text, with time and attributes where they are wanted. When the whole log is
/// there already, neighbours of one stream share a frame: the stock CLI makes a system call of each frame. A client that follows gets a frame for
/// each entry, because some take a frame for a line.
/// </summary>
internal sealed class LogEntryWriter(LogRequest request) : IDisposable
{
    private const int HeaderSize = 8;
    private const int SharedFrame = 16 * 1024;
    private const int Size = 64 * 1024;

    private readonly bool _share = request.Multiplexed && request.SharedFrames;
    private byte[] _bytes = [];
    private int _frame = -1;
    private LogStream _frameStream;

    /// <summary>What was written since <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Count);

    /// <summary>Length of <see cref="Written"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets what was written and gives its memory back.</summary>
    public void Clear()
    {
        Count = 0;
        _frame = -1;
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    public void Dispose() => Clear();

    /// <summary>Writes one entry, unless its stream is not wanted.</summary>
    public void Write(in LogEntry entry)
    {
        if (!(entry.Stream == LogStream.Stdout ? request.Stdout : request.Stderr))
            return;
        int most = HeaderSize + LogTime.FixedLength + 2 + entry.Text.Length + entry.Attributes.Length * 3 + entry.Time.Length;
        if (_bytes.Length - Count < most)
            Grow(Count + most);
        if (request.Multiplexed && !(_share && _frame >= 0 && _frameStream == entry.Stream && Count - _frame < SharedFrame))
            BeginFrame(entry.Stream);
        Count += WriteBody(entry, _bytes.AsSpan(Count));
        if (request.Multiplexed)
            BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(_frame + 4), (uint)(Count - _frame - HeaderSize));
    }

    private void Grow(int size)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(size, Size));
        _bytes.AsSpan(0, Count).CopyTo(larger);
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }

    private void BeginFrame(LogStream stream)
    {
        _frame = Count;
        _frameStream = stream;
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(_frame), (uint)stream << 24);
        Count += HeaderSize;
    }

    private int WriteBody(in LogEntry entry, Span<byte> target)
    {
        int at = 0;
        if (request.Timestamps)
        {
            at += LogTime.WriteFixed(entry.Time, target);
            target[at++] = (byte)' ';
        }
        if (request.Details)
        {
            at += WriteAttributes(entry.Attributes, target[at..]);
            target[at++] = (byte)' ';
        }
        if (entry.Escaped)
            return at + JsonText.Unescape(entry.Text, target[at..]);
        entry.Text.CopyTo(target[at..]);
        return at + entry.Text.Length;
    }

    /// <summary><c>key=value,key=value</c>, sorted by key and percent-encoded as in a query.</summary>
    private static int WriteAttributes(ReadOnlySpan<byte> json, Span<byte> target)
    {
        if (json.IsEmpty)
            return 0;
        var pairs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                string key = reader.GetString()!;
                if (reader.Read() && reader.TokenType == JsonTokenType.String)
                    pairs[key] = reader.GetString()!;
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
