using System.Text.Json;
using Hafen.Client.Errors;

namespace Hafen.Client.Http;

/// <summary>An answer: its head at once, its body as it comes. Dispose it to give the connection back.</summary>
public sealed class ApiResponse : IDisposable
{
    private readonly ApiTransport transport;
    private readonly HttpConnection connection;
    private readonly ResponseBody body;
    private bool disposed;

    internal ApiResponse(ApiTransport transport, HttpConnection connection, ResponseHead head, ResponseBody body)
    {
        this.transport = transport;
        this.connection = connection;
        this.body = body;
        Head = head;
    }

    public ResponseHead Head { get; }

    public Stream Body => body;

    /// <summary>The file descriptor to poll for more of the body.</summary>
    public int Descriptor => connection.Socket.Number;

    /// <summary>Part of the body is already here, so polling the descriptor may not report it.</summary>
    public bool HasBuffered => !connection.Reader.Buffered.IsEmpty;

    /// <summary>Reads the rest of the body.</summary>
    public byte[] ReadAll()
    {
        var known = Head.ContentLength is { } length and < int.MaxValue && !Head.IsChunked ? (int)length : 4096;
        var buffer = new byte[Math.Max(known, 1)];
        var count = 0;
        int read;
        while ((read = body.Read(buffer.AsSpan(count))) > 0)
        {
            count += read;
            if (count == buffer.Length && !body.Finished) Array.Resize(ref buffer, buffer.Length * 2);
        }

        return count == buffer.Length ? buffer : buffer[..count];
    }

    /// <summary>Throws the daemon's error when the answer is one.</summary>
    /// <exception cref="ApiException">Status 400 and above, or a redirection.</exception>
    public void ThrowIfError()
    {
        if (Head.Status is >= 200 and < 300 or 101 or 304) return;
        throw new ApiException(Head.Status, ErrorText(Head, ReadAll()));
    }

    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        body.DropBuffered();
        transport.Return(connection, body.Finished && !body.EndsConnection && Head.KeepsAlive && Head.Status != 101);
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
                return text.Trim();
        }
        catch (JsonException)
        {
            // Not every peer (a proxy, an old engine) wraps its error in JSON; its text is then the message.
        }

        return System.Text.Encoding.UTF8.GetString(content).Trim();
    }
}
