using System.Globalization;
using Hafen.Client.Blocking;
using Hafen.Client.Errors;

namespace Hafen.Client.Http;

/// <summary>Status line and headers of an answer (RFC 9112).</summary>
public sealed class ResponseHead
{
    /// <summary>What all lines of the heads of one answer may have together, in characters: an answer of the daemon has a few hundred.</summary>
    internal const int MaximumLength = 64 * 1024;

    private readonly Dictionary<string, string> _headers;

    /// <param name="status">HTTP status code.</param>
    /// <param name="headers">Headers by name, which compares without case; those of the same name are joined by commas.</param>
    /// <exception cref="ProtocolException">They give the body no length that can be relied on.</exception>
    public ResponseHead(int status, Dictionary<string, string> headers)
    {
        Status = status;
        _headers = headers;
        IsChunked = Header("Transfer-Encoding")?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true;

        // Chunks win over a length (RFC 9112 §6.3). One that is no number, or two that differ, would make us take a part of the body for the next answer.
        if (IsChunked || Header("Content-Length") is not { } text)
            return;
        ContentLength = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new ProtocolException($"bad Content-Length \"{text}\"");
    }

    /// <summary>HTTP status code.</summary>
    public int Status { get; }

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>A header's value, or null. Names compare without case.</summary>
    public string? Header(string name) => _headers.GetValueOrDefault(name);

    /// <summary>Length of the body in bytes, of an answer that has one; null when it is told by chunks or by the end of the connection.</summary>
    public long? ContentLength { get; }

    internal bool IsChunked { get; }

    internal bool KeepsAlive => Header("Connection")?.Contains("close", StringComparison.OrdinalIgnoreCase) != true;

    /// <summary>Reads a head, skipping interim <c>1xx</c> answers other than the 101 that ends HTTP on the connection.</summary>
    internal static ResponseHead Read(ConnectionReader reader)
    {
        int room = MaximumLength;
        while (true)
        {
            var head = ReadOne(reader, ref room);
            if (head.Status >= 200 || head.Status == 101)
                return head;
        }
    }

    private static ResponseHead ReadOne(ConnectionReader reader, ref int room)
    {
        string line = reader.ReadLine(ref room) ?? throw new ProtocolException("EOF") { NothingReceived = true };
        if (!line.StartsWith("HTTP/1.", StringComparison.Ordinal) || line.Length < 12
            || !int.TryParse(line.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out int status))
        {
            throw new ProtocolException($"malformed HTTP response \"{line}\"");
        }

        var headers = new Dictionary<string, string>(12, StringComparer.OrdinalIgnoreCase);
        while (true)
        {
            line = reader.ReadLine(ref room) ?? throw new ProtocolException("unexpected EOF");
            if (line.Length == 0)
                return new ResponseHead(status, headers);
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
                throw new ProtocolException($"malformed HTTP header \"{line}\"");
            string name = line[..colon];
            string value = line[(colon + 1)..].Trim();
            headers[name] = headers.TryGetValue(name, out string? earlier) ? $"{earlier}, {value}" : value;
        }
    }
}
