using System.Text.Json;
using Hafen.Client.Errors;

namespace Hafen.Client.Http;

/// <summary>An answer: its head at once, its body as it comes. Dispose it to give the connection back.</summary>
public sealed class ApiResponse : IDisposable
{
    private readonly ApiTransport _transport;
    private readonly HttpConnection _connection;
    private readonly ResponseBody _body;
    private bool _disposed;

    internal ApiResponse(ApiTransport transport, HttpConnection connection, ResponseHead head, ResponseBody body)
    {
        this._transport = transport;
        this._connection = connection;
        this._body = body;
        Head = head;
    }

    public ResponseHead Head { get; }

    public Stream Body => _body;

    /// <summary>The file descriptor to poll for more of the body.</summary>
    public int Descriptor => _connection.Socket.Number;

    /// <summary>Part of the body is already here, so polling the descriptor may not report it.</summary>
    public bool HasBuffered => !_connection.Reader.Buffered.IsEmpty;

    /// <summary>Reads the rest of the body.</summary>
    public byte[] ReadAll()
    {
        int known = Head.ContentLength is { } length and < int.MaxValue && !Head.IsChunked ? (int)length : 4096;
        byte[] buffer = new byte[Math.Max(known, 1)];
        int count = 0;
        int read;
        while ((read = _body.Read(buffer.AsSpan(count))) > 0)
        {
            count += read;
            if (count == buffer.Length && !_body.Finished)
                Array.Resize(ref buffer, buffer.Length * 2);
        }

        return count == buffer.Length ? buffer : buffer[..count];
    }

    /// <summary>Throws the daemon's error when the answer is one.</summary>
    /// <exception cref="ApiException">Status 400 and above, or a redirection.</exception>
    public void ThrowIfError()
    {
        if (Head.Status is >= 200 and < 300 or 101 or 304)
            return;
        throw new ApiException(Head.Status, ErrorText(Head, ReadAll()));
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _body.DropBuffered();
        _transport.Return(_connection, _body.Finished && !_body.EndsConnection && Head.KeepsAlive && Head.Status != 101);
    }

    internal static string ErrorText(ResponseHead head, byte[] content)
    {
        if (content.Length == 0)
            return $"request returned status {head.Status} without a message; check if the server supports the requested API version";
        try
        {
            using var document = JsonDocument.Parse(content);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("message", out var message)
                && message.GetString() is { Length: > 0 } text)
            {
                return text.Trim();
            }
        }
        catch (JsonException)
        {
            // Not every peer (a proxy, an old engine) wraps its error in JSON; its text is then the message.
        }

        return System.Text.Encoding.UTF8.GetString(content).Trim();
    }
}
