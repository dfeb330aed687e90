using System.Buffers;
using System.Globalization;
using System.Text;
using Hafen.Client.Errors;
using Hafen.Client.Http;
using Hafen.Linux;
using Hafen.Linux.Sockets;

namespace Hafen.Client.Blocking;

/// <summary>
/// One connection that speaks HTTP/1.1 with plain blocking calls. A command of the CLI lives for milliseconds and holds at most
/// three connections; nothing here starts a thread or allocates per frame.
/// </summary>
internal sealed class BlockingConnection : IDisposable
{
    private readonly BlockingSocket _socket;
    private readonly string _hostHeader;

    public BlockingConnection(BlockingSocket socket, string hostHeader)
    {
        this._socket = socket;
        this._hostHeader = hostHeader;
        Reader = new ConnectionReader(socket);
    }

    public ConnectionReader Reader { get; }

    public BlockingSocket Socket => _socket;

    /// <summary>The thread that sends the body, or null.</summary>
    public Thread? Upload { get; set; }

    /// <summary>A request has been answered on this connection before, so the peer may have closed it meanwhile.</summary>
    public bool Reused { get; set; }

    /// <summary>The peer has not ended the connection, as far as is known here.</summary>
    public bool IsAlive => _socket.IsQuiet && Reader.Buffered.IsEmpty;

    /// <summary>Bytes sent on this connection.</summary>
    public long Sent => _socket.Sent;

    /// <summary>Sends a request whose body is at hand (or absent) in one write.</summary>
    public void Send(ApiRequest request, string path)
    {
        var body = request.Body;
        string head = Head(request, path, body is null ? NoBody(request.Method) : $"Content-Length: {body.Value.Length.ToString(CultureInfo.InvariantCulture)}\r\n");
        int length = Encoding.UTF8.GetByteCount(head);
        byte[] message = ArrayPool<byte>.Shared.Rent(length + (body?.Length ?? 0));
        try
        {
            int count = Encoding.UTF8.GetBytes(head, message);
            if (body is { } content)
            {
                content.Span.CopyTo(message.AsSpan(count));
                count += content.Length;
            }

            SendAll(message.AsSpan(0, count));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(message);
        }
    }

    /// <summary>Sends the head of a request whose body follows by <see cref="SendAll"/> or through <see cref="ChunkedWriter"/>.</summary>
    public void SendHead(ApiRequest request, string path, long? contentLength)
        => SendAll(Encoding.UTF8.GetBytes(Head(request, path, contentLength is { } length
            ? $"Content-Length: {length.ToString(CultureInfo.InvariantCulture)}\r\n"
            : "Transfer-Encoding: chunked\r\n")));

    public void SendAll(ReadOnlySpan<byte> data) => _socket.Send(data);

    /// <summary>Does something that waits for the peer; who cancels ends the connection, which wakes it.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, and the connection is of no more use.</exception>
    public TResult Cancellable<TArgument, TResult>(TArgument argument, Func<BlockingConnection, TArgument, TResult> action, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            TResult result;

            // Left before anybody disposes of the connection: its descriptor's number may be another's by then.
            using (cancellationToken.UnsafeRegister(static socket => ((BlockingSocket)socket!).Abort(), _socket))
                result = action(this, argument);

            // What ended then looks like an end that the peer made.
            cancellationToken.ThrowIfCancellationRequested();
            return result;
        }
        catch (Exception exception) when (exception is LinuxException or ProtocolException && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    public void Dispose()
    {
        // A thread that may still be sending keeps its descriptor, lest it write into another that gets the same number.
        if (Upload is { IsAlive: true })
            _socket.Abort();
        else
            _socket.Dispose();
    }

    private static string NoBody(string method) => method is "POST" or "PUT" ? "Content-Length: 0\r\n" : "";

    private string Head(ApiRequest request, string path, string framing)
    {
        var text = new StringBuilder(256);
        text.Append(request.Method).Append(' ').Append(path).Append(" HTTP/1.1\r\nHost: ").Append(_hostHeader)
            .Append("\r\nUser-Agent: Hafen-Client/0.1.0 (linux)\r\n").Append(framing);
        if (request.ContentType is { } type)
            text.Append("Content-Type: ").Append(type).Append("\r\n");
        if (request.Upgrade)
            text.Append("Connection: Upgrade\r\nUpgrade: tcp\r\n");
        return text.Append("\r\n").ToString();
    }
}
