using Hafen.Linux;
using Hafen.Linux.Sockets;

namespace Hafen.Daemon.Http.Hijack;

/// <summary>A client's socket, owned by the request's handler until it hands it to a monitor. Disposing closes this descriptor only.</summary>
/// <param name="socket">Non-blocking stream socket.</param>
/// <param name="prefix">What the client had sent behind its request.</param>
public sealed class HijackedSocket(StreamSocket socket, byte[] prefix) : IDisposable
{
    private const int FullPause = 5;

    public StreamSocket Socket => socket;

    public byte[] Prefix => prefix;

    /// <summary>Writes bytes of ours, the response's head or an error text, before the socket is handed on.</summary>
    /// <exception cref="IOException">The client is gone.</exception>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                int written = socket.TryWrite(bytes.Span);
                // A few hundred bytes at the start of a stream: the buffer is hardly ever full, so no reactor is asked.
                if (written == StreamSocket.WouldBlock)
                    await Task.Delay(FullPause, cancellationToken);
                else
                    bytes = bytes[written..];
            }
        }
        catch (LinuxException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <summary>Ends the stream in order when nobody took the socket over: the client reads what was written, then the end.</summary>
    public void End()
    {
        socket.EndOutput();
        Dispose();
    }

    public void Dispose() => socket.Dispose();
}
