using System.Globalization;
using System.Net;
using System.Text;

namespace Hafen.Client.Pooled;

/// <summary>
/// A body that is read while it is sent. The framework's client reads no answer before it has sent the whole body; but the daemon reports progress
/// while it receives, and refuses in the middle. So the client sends the head and believes the body sent, while we send it in chunks (RFC 9112 §7.1)
/// on the connection, which carries nothing else.
/// </summary>
internal sealed class UploadContent(Stream source) : HttpContent
{
    private const int ChunkSize = 64 * 1024;

    /// <summary>Room for a chunk's size in hex and its CRLF in front of the data, so that a chunk leaves in one write.</summary>
    private const int Prefix = 10;

    private readonly CancellationTokenSource _stopping = new();
    private Task _sending = Task.CompletedTask;

    /// <summary>The connection, which is there once the head is to be sent.</summary>
    public ConnectionStream? Connection { get; set; }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var connection = Connection ?? throw new InvalidOperationException("the upload has no connection of its own");
        await stream.FlushAsync(cancellationToken);
        connection.TakeSending();
        _sending = SendAsync(connection, _stopping.Token);
    }

    /// <summary>Nothing more is read from the source, but for a read that does not heed its cancellation.</summary>
    public Task StopAsync()
    {
        _stopping.Cancel();
        return _sending;
    }

    private async Task SendAsync(ConnectionStream connection, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[Prefix + ChunkSize + 2];
        try
        {
            while (true)
            {
                int count;
                try
                {
                    count = await source.ReadAsync(buffer.AsMemory(Prefix, ChunkSize), cancellationToken);
                }
                catch (Exception exception) when (exception is IOException or ObjectDisposedException)
                {
                    // Without its end the body is incomplete, and the daemon must see that.
                    await connection.CloseSendingAsync();
                    return;
                }

                if (count == 0)
                    break;
                Encoding.ASCII.GetBytes(count.ToString("x8", CultureInfo.InvariantCulture) + "\r\n", buffer);
                buffer[Prefix + count] = (byte)'\r';
                buffer[Prefix + count + 1] = (byte)'\n';
                await connection.Connection.WriteAsync(buffer.AsMemory(0, Prefix + count + 2), cancellationToken);
            }

            await connection.Connection.WriteAsync("0\r\n\r\n"u8.ToArray(), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The daemon stopped reading, and its answer says why; or nobody wants the answer any more.
        }
    }
}
