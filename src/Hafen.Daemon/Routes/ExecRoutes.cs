using System.Buffers.Binary;
using System.Text;
using Hafen.Api;
using Hafen.Daemon.Http;
using Hafen.Daemon.Http.Hijack;
using Hafen.Daemon.Http.Routing;
using Hafen.Engine.Exec;
using Microsoft.AspNetCore.Http;

namespace Hafen.Daemon.Routes;

/// <summary><c>/exec/…</c></summary>
internal sealed class ExecRoutes(ExecUseCases execs)
{
    private const int FrameHeader = 8;

    public void AddTo(RouteTable routes) => routes
        .Post("/exec/{id:.*}/start", StartAsync)
        .Post("/exec/{id:.*}/resize", ResizeAsync)
        .Get("/exec/{id:.*}/json", InspectAsync);

    private async Task InspectAsync(ApiRequest request)
        => await request.WriteJsonAsync(await execs.Inspect.RunAsync(request["id"], request.Aborted), ApiJson.Default.ExecInspect);

    private async Task StartAsync(ApiRequest request)
    {
        var body = await request.ReadJsonAsync(ApiJson.Default.ExecStartRequest) ?? new ExecStartRequest();
        var start = execs.PrepareStart.Run(request["id"], body);
        if (start.Detach)
        {
            await execs.Start.RunAsync(start, client: null, [], CancellationToken.None);
            await request.WriteStatusAsync(StatusCodes.Status200OK);
            return;
        }
        using var client = await request.HijackAsync(start.Multiplexed);
        try
        {
            await execs.Start.RunAsync(start, client.Socket, client.Prefix, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // The head is out, so the reason is what the client reads.
            await WriteFailureAsync(client, exception.Message, start.Multiplexed);
        }
    }

    private async Task ResizeAsync(ApiRequest request)
    {
        var (height, width) = TerminalSize.Of(request);
        await execs.Resize.RunAsync(request["id"], height, width, request.Aborted);
        await request.WriteStatusAsync(StatusCodes.Status200OK);
    }

    private static async Task WriteFailureAsync(HijackedSocket client, string message, bool multiplexed)
    {
        byte[] text = Encoding.UTF8.GetBytes(message + "\r\n");
        byte[] output = text;
        if (multiplexed)
        {
            output = new byte[FrameHeader + text.Length];
            output[0] = 1;
            BinaryPrimitives.WriteInt32BigEndian(output.AsSpan(4), text.Length);
            text.CopyTo(output.AsSpan(FrameHeader));
        }
        try
        {
            await client.WriteAsync(output, CancellationToken.None);
        }
        catch (IOException)
        {
            // The client left before it could be told.
        }
        client.End();
    }
}
