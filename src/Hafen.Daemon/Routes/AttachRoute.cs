using System.IO.Pipelines;
using Hafen.Daemon.Http;
using Hafen.Daemon.Http.Hijack;
using Hafen.Engine.Containers;
using Hafen.Errors;

namespace Hafen.Daemon.Routes;

/// <summary><c>POST /containers/{id}/attach</c>: the client's socket goes to the container's monitor.</summary>
internal static class AttachRoute
{
    private const string Raw = "application/vnd.docker.raw-stream";

    public static async Task RunAsync(ContainerUseCases containers, ApiRequest request)
    {
        var wanted = new AttachRequest
        {
            Stdin = request.QueryFlag("stdin"),
            Stdout = request.QueryFlag("stdout"),
            Stderr = request.QueryFlag("stderr"),
            Logs = request.QueryFlag("logs"),
            Stream = request.QueryFlag("stream"),
            DetachKeys = request.Query("detachKeys"),
        };
        Attachment attachment;
        try
        {
            attachment = containers.PrepareAttach.Run(request["id"], wanted);
        }
        catch (HafenException e)
        {
            // Docker has taken the connection over by now and says in plain text what is wrong.
            request.Http.Response.Headers.Connection = "close";
            request.Http.Response.StatusCode = ErrorAnswer.Of(e).Status;
            await request.WriteTextAsync(e.Message + "\r\n", Raw);
            return;
        }
        using (attachment) await RunAsync(containers.Attach, request, attachment);
    }

    private static async Task RunAsync(AttachContainer attach, ApiRequest request, Attachment attachment)
    {
        await attachment.RequireMonitorAsync(request.Aborted);
        var client = await request.HijackAsync(attachment.Multiplexed);
        try
        {
            await WriteHistoryAsync(attachment, client, request.Aborted);
            // From here on the socket belongs to the engine; it is not closed with the request.
            await attach.RunAsync(attachment, client.Socket, client.Prefix, CancellationToken.None);
        }
        catch
        {
            client.End();
            throw;
        }
    }

    private static async Task WriteHistoryAsync(Attachment attachment, HijackedSocket client, CancellationToken cancellationToken)
    {
        var pipe = new Pipe();
        var copy = CopyAsync();
        try
        {
            while (true)
            {
                var read = await pipe.Reader.ReadAsync(cancellationToken);
                foreach (var segment in read.Buffer) await client.WriteAsync(segment, cancellationToken);
                pipe.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) break;
            }
        }
        finally
        {
            // Also when the client is gone: whoever copies must not wait for it.
            await pipe.Reader.CompleteAsync();
            await copy;
        }

        async Task CopyAsync()
        {
            Exception? failure = null;
            try
            {
                await attachment.WriteHistoryAsync(pipe.Writer, cancellationToken);
            }
            catch (Exception e)
            {
                failure = e;
            }
            await pipe.Writer.CompleteAsync(failure);
        }
    }
}
