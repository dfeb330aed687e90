using Hafen.Client.Http;
using Hafen.Linux;
using Hafen.Linux.Events;

namespace Hafen.Client.Blocking;

/// <summary>Sends a streamed body on a thread of its own while the answer is read.</summary>
internal sealed class BodyUpload(BlockingConnection connection, ApiRequest request, string path)
{
    public void Start()
    {
        connection.Upload = new Thread(Run) { IsBackground = true, Name = "upload" };
        connection.Upload.Start();
    }

    private void Run()
    {
        // sendfile(2) cannot be told to leave SIGPIPE out; a thread can.
        SignalMask.Block(SignalMask.SIGPIPE);
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
        catch (LinuxException)
        {
            // The daemon stopped reading: its answer, which the other thread reads, says why.
        }
        catch (IOException)
        {
            // Our source broke: without its end the body is incomplete, and the daemon must see that.
            connection.Socket.CloseSend();
        }
    }

    private void SendFile(FileStream file)
    {
        long sent = connection.Socket.SendFile(file.SafeFileHandle, file.Position, file.Length - file.Position);
        if (sent < file.Length - file.Position)
            connection.Socket.CloseSend();
    }
}
