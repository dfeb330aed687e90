using System.Text.Json;
using Hafen.Client.Errors;

namespace Hafen.Client.Http;

/// <summary>An answer: its head at once, its body as it comes. Dispose it to give the connection back.</summary>
public abstract class ApiResponse(ResponseHead head) : IDisposable
{
    /// <summary>What is set aside for a body before any of it came: its length is only the peer's word.</summary>
    private const int LargestGuess = 1024 * 1024;

    public ResponseHead Head { get; } = head;

    public abstract Stream Body { get; }

    /// <summary>The file descriptor to poll for more of the body; -1 when there is none that tells.</summary>
    public virtual int Descriptor => -1;

    /// <summary>Reads the rest of the body.</summary>
    /// <exception cref="ProtocolException">It breaks off.</exception>
    public byte[] ReadAll()
    {
        byte[] buffer = NewBuffer();
        int count = 0;
        int read;
        while (count != Head.ContentLength && (read = Body.Read(Room(ref buffer, count).Span)) > 0)
            count += read;
        return count == buffer.Length ? buffer : buffer[..count];
    }

    /// <summary>Reads the rest of the body.</summary>
    /// <exception cref="ProtocolException">It breaks off.</exception>
    public async ValueTask<byte[]> ReadAllAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = NewBuffer();
        int count = 0;
        int read;
        while (count != Head.ContentLength && (read = await Body.ReadAsync(Room(ref buffer, count), cancellationToken)) > 0)
            count += read;
        return count == buffer.Length ? buffer : buffer[..count];
    }

    /// <summary>Throws the daemon's error when the answer is one.</summary>
    /// <exception cref="ApiException">Status 400 and above, or a redirection.</exception>
    public void ThrowIfError()
    {
        if (!IsAnswer)
            throw new ApiException(Head.Status, ErrorText(Head, ReadAll()));
    }

    /// <summary>Throws the daemon's error when the answer is one.</summary>
    /// <exception cref="ApiException">Status 400 and above, or a redirection.</exception>
    public async ValueTask ThrowIfErrorAsync(CancellationToken cancellationToken)
    {
        if (!IsAnswer)
            throw new ApiException(Head.Status, ErrorText(Head, await ReadAllAsync(cancellationToken)));
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the connection back, or ends it.</summary>
    protected abstract void Dispose(bool disposing);

    private bool IsAnswer => Head.Status is >= 200 and < 300 or 101 or 304;

    private byte[] NewBuffer() => new byte[Math.Clamp(Head.ContentLength ?? 4096, 1, LargestGuess)];

    private static Memory<byte> Room(ref byte[] buffer, int count)
    {
        if (count == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        return buffer.AsMemory(count);
    }

    private static string ErrorText(ResponseHead head, byte[] content)
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
