using System.Net.Sockets;

namespace Hafen.Client.Http;

/// <summary>Sends a streamed body on a thread of its own while the answer is read.</summary>
internal sealed class BodyUpload(HttpConnection connection, ApiRequest request, string path)
{
    public void Start() => new Thread(Run) { IsBackground = true, Name = "upload" }.Start();

    private void Run()
    {
        try
        {
            if (request.BodyStream is FileStream { CanSeek: true } file)
            {
                connection.SendHead(request, path, file.Length - file.Position);
                SendFile(file);
            }
            else
            {
                connection.SendHead(request, path, null);
                ChunkedWriter.Copy(request.BodyStream!, connection);
            }
        }
        catch (SocketException)
        {
            // The daemon stopped reading: its answer, which the other thread reads, says why.
        }
        catch (IOException)
        {
            // Our source broke: without its end the body is incomplete, and the daemon must see that.
            connection.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (ObjectDisposedException)
        {
            // The answer came before the body was sent, and nobody waits for the rest.
        }
    }

    private void SendFile(FileStream file)
    {
        if (file.Position == 0)
        {
            connection.Socket.SendFile(file.Name);
            return;
        }

        var buffer = new byte[256 * 1024];
        int count;
        while ((count = file.Read(buffer)) > 0) connection.SendAll(buffer.AsSpan(0, count));
    }
}
