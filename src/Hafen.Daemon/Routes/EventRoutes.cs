using Hafen.Api;
using Hafen.Daemon.Http;
using Hafen.Daemon.Http.Routing;
using Hafen.Engine;
using Hafen.Engine.Events;
using Hafen.Engine.Times;

namespace Hafen.Daemon.Routes;

/// <summary><c>/events</c>: what happens, as it happens.</summary>
internal sealed class EventRoutes(EventStream events)
{
    private const int FlushSize = 16 * 1024;

    public void AddTo(RouteTable routes) => routes.Get("/events", StreamAsync);

    private async Task StreamAsync(ApiRequest request)
    {
        long? since = ApiTimestamp.ParseUnix("since", request.Query("since"));
        long? until = ApiTimestamp.ParseUnix("until", request.Query("until"));
        if (until < since)
        {
            throw EngineException.InvalidParameter(
                $"`since` time ({request.Query("since")}) cannot be after `until` time ({request.Query("until")})");
        }
        using var subscription = events.Subscribe(since, until, request.QueryFilters());
        await request.StartStreamAsync("application/json");
        try
        {
            while (await subscription.Reader.WaitToReadAsync(request.Aborted))
            {
                // Not the whole backlog at once: what the client does not take stays where its size is bounded.
                while (request.Output.UnflushedBytes < FlushSize && subscription.Reader.TryRead(out var message))
                    JsonLine.Write(request.Output, message, ApiJson.Default.EventMessage);
                await request.Output.FlushAsync(request.Aborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The usual end of this stream: the client leaves.
        }
    }
}
