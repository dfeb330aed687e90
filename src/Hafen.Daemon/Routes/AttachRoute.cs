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
        catch (HafenException exception)
        {
            // Docker has taken the connection over by now and says in plain text what is wrong.
            request.Http.Response.Headers.Connection = "close";
            request.Http.Response.StatusCode = ErrorAnswer.Of(exception).Status;
            await request.WriteTextAsync(exception.Message + "\r\n", Raw);
            return;
        }
        using (attachment)
            await RunAsync(containers.Attach, request, attachment);
    }

    private static async Task RunAsync(AttachContainer attach, ApiRequest request, Attachment attachment)
    {
        await attachment.RequireMonitorAsync(request.Aborted);
        var client = await request.HijackAsync(attachment.Multiplexed);
        try
        {
            if (attachment.Logs)
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
        var output = new HijackedWriter(client);
        try
        {
            await attachment.WriteHistoryAsync(output, cancellationToken);
        }
        finally
        {
            await output.CompleteAsync();
        }
    }
}
