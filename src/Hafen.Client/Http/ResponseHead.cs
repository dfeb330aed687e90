using System.Globalization;
using Hafen.Client.Errors;

namespace Hafen.Client.Http;

/// <summary>Status line and headers of an answer (RFC 9112).</summary>
public sealed class ResponseHead
{
    private readonly Dictionary<string, string> _headers;

    internal ResponseHead(int status, Dictionary<string, string> headers)
    {
        Status = status;
        this._headers = headers;
    }

    /// <summary>HTTP status code.</summary>
    public int Status { get; }

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>A header's value, or null. Names compare without case.</summary>
    public string? Header(string name) => _headers.GetValueOrDefault(name);

    internal bool IsChunked => Header("Transfer-Encoding")?.Contains("chunked", StringComparison.OrdinalIgnoreCase) == true;

    internal bool KeepsAlive => Header("Connection")?.Contains("close", StringComparison.OrdinalIgnoreCase) != true;

    internal long? ContentLength
        => Header("Content-Length") is { } text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;

    /// <summary>Reads a head, skipping interim <c>1xx</c> answers other than the 101 that ends HTTP on the connection.</summary>
    internal static ResponseHead Read(ConnectionReader reader)
    {
        while (true)
        {
            var head = ReadOne(reader);
            if (head.Status >= 200 || head.Status == 101)
                return head;
        }
    }

    private static ResponseHead ReadOne(ConnectionReader reader)
    {
        string line = reader.ReadLine() ?? throw new ProtocolException("EOF") { NothingReceived = true };
        if (!line.StartsWith("HTTP/1.", StringComparison.Ordinal) || line.Length < 12
            || !int.TryParse(line.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out int status))
        {
            throw new ProtocolException($"malformed HTTP response \"{line}\"");
        }

        var headers = new Dictionary<string, string>(12, StringComparer.OrdinalIgnoreCase);
        while (true)
        {
            line = reader.ReadLine() ?? throw new ProtocolException("unexpected EOF");
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
