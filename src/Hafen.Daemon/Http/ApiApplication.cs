using Hafen.Api;
using Hafen.Daemon.Http.Authorization;
using Hafen.Daemon.Http.Hijack;
using Hafen.Daemon.Http.Routing;
using Hafen.Daemon.Lifetime;
using Hafen.Daemon.Versions;
using Hafen.Engine;
using Hafen.Errors;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Hafen.Daemon.Http;

/// <summary>The way of every request: route, version, authorization, handler, and the answer when one of them fails.</summary>
/// <param name="authorization">Says who may have what.</param>
/// <param name="idle">Hears of every request.</param>
/// <param name="stopping">Cancelled when the daemon ends: streams end then.</param>
internal sealed partial class ApiApplication(RouteTable routes, IRequestAuthorization authorization, IdleMemory idle, ILogger logger, CancellationToken stopping) : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception) { }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        idle.Touch();
        foreach (var (name, value) in ServerHeaders.All)
            context.Response.Headers[name] = value;
        try
        {
            await RouteAsync(context);
        }
        catch (Exception exception)
        {
            await FailAsync(context, exception);
        }
        finally
        {
            idle.Touch();
        }
    }

    private async Task RouteAsync(HttpContext context)
    {
        // Asked by browsers and some probes; the answer says nothing but that someone is here.
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            context.Response.ContentLength = 0;
            return;
        }
        if (RequestPath.Clean(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget) is { } clean)
        {
            context.Response.StatusCode = StatusCodes.Status301MovedPermanently;
            context.Response.Headers.Location = clean;
            context.Response.ContentLength = 0;
            return;
        }
        var path = RequestPath.Parse(context.Request.Path.Value ?? "/");
        var match = routes.Find(context.Request.Method, path.Segments) ?? throw EngineException.NotFound("page not found");
        var clientGone = context.Features.Get<IClientGoneFeature>()?.ClientGone ?? context.RequestAborted;
        using var aborted = CancellationTokenSource.CreateLinkedTokenSource(clientGone, stopping);
        var request = new ApiRequest(context, path.Version, match.Values, aborted.Token)
        {
            OnFault = failure => Failed(failure, context.Request.Method, context.Request.Path),
        };
        try
        {
            ServedVersions.Require(path.Version);
        }
        catch (HafenException exception) when (ServedVersions.IsTooOld(path.Version))
        {
            // Clients that old show an answer as it is.
            context.Response.StatusCode = ErrorAnswer.Of(exception).Status;
            await request.WriteTextAsync(exception.Message + "\n");
            return;
        }
        await authorization.RequireAsync(request);
        await match.Handler(request);
    }

    private async Task FailAsync(HttpContext context, Exception failure)
    {
        bool gone = context.Features.Get<IClientGoneFeature>()?.IsClientGone ?? context.RequestAborted.IsCancellationRequested;
        bool over = gone || stopping.IsCancellationRequested;
        bool broken = failure is BadHttpRequestException;
        if (failure is ConnectionResetException || (over && !broken && failure is OperationCanceledException or IOException))
        {
            Left(context.Request.Method, context.Request.Path);
            context.Abort();
            return;
        }
        var answer = ErrorAnswer.Of(failure);
        if (answer.IsServerFault)
            Failed(failure, context.Request.Method, context.Request.Path);
        if (context.Response.HasStarted)
        {
            // The status is out; all that is left to say is that the answer is not whole.
            context.Abort();
            return;
        }
        context.Response.Clear();
        foreach (var (name, value) in ServerHeaders.All)
            context.Response.Headers[name] = value;
        // Where the request ends is not known, so no other one can follow.
        if (broken)
            context.Response.Headers.Connection = "close";
        var request = new ApiRequest(context, ApiVersion.Newest, new Dictionary<string, string>(), stopping);
        await (answer.Status == StatusCodes.Status304NotModified
            ? request.WriteStatusAsync(answer.Status)
            : request.WriteJsonAsync(new ErrorResponse { Message = answer.Message }, ApiJson.Default.ErrorResponse, answer.Status));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void Failed(Exception failure, string method, PathString path);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Method} {Path}: the client left or the daemon ends")]
    private partial void Left(string method, PathString path);
}
