using Hafen.Engine;
using Hafen.Engine.Monitors;
using Hafen.Images;
using Hafen.Monitor.Protocol;
using Hafen.Networking;
using Hafen.Volumes;
using Microsoft.AspNetCore.Http;

namespace Hafen.Daemon.Http;

/// <summary>What a failure looks like on the wire. The one place where failures become status codes.</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="Message">For the client.</param>
public readonly record struct ErrorAnswer(int Status, string Message)
{
    public static ErrorAnswer Of(Exception failure) => failure switch
    {
        EngineException e => new(StatusOf(e.Kind), e.Message),
        ImageException e => new(StatusOf(e.Kind), e.Message),
        VolumeException e => new(StatusOf(e.Kind), e.Message),
        NetworkException e => new(StatusOf(e.Kind), e.Message),
        MonitorException e => new(StatusOf(e.Failure.Kind), e.Message),
        BadHttpRequestException e => new(e.StatusCode, e.Message),
        // What the server says of a chunk whose size no number holds.
        IOException { InnerException: OverflowException } => new(StatusCodes.Status400BadRequest, failure.Message),
        _ => new(StatusCodes.Status500InternalServerError, failure.Message),
    };

    /// <summary>Whether the failure says something about this server rather than about the request.</summary>
    public bool IsServerFault => Status == StatusCodes.Status500InternalServerError;

    private static int StatusOf(EngineErrorKind kind) => kind switch
    {
        EngineErrorKind.InvalidParameter => StatusCodes.Status400BadRequest,
        EngineErrorKind.NotFound => StatusCodes.Status404NotFound,
        EngineErrorKind.Conflict => StatusCodes.Status409Conflict,
        EngineErrorKind.NotModified => StatusCodes.Status304NotModified,
        EngineErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        EngineErrorKind.NotImplemented => StatusCodes.Status501NotImplemented,
        EngineErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static int StatusOf(ImageErrorKind kind) => kind switch
    {
        ImageErrorKind.NotFound => StatusCodes.Status404NotFound,
        ImageErrorKind.Conflict => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status400BadRequest,
    };

    private static int StatusOf(VolumeErrorKind kind) => kind switch
    {
        VolumeErrorKind.NotFound => StatusCodes.Status404NotFound,
        VolumeErrorKind.InvalidParameter => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status409Conflict,
    };

    private static int StatusOf(NetworkErrorKind kind) => kind switch
    {
        NetworkErrorKind.NotFound => StatusCodes.Status404NotFound,
        NetworkErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        NetworkErrorKind.InvalidParameter or NetworkErrorKind.Ambiguous => StatusCodes.Status400BadRequest,
        NetworkErrorKind.Unavailable => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status500InternalServerError,
    };

    // Docker answers 400 when the container's command cannot be started, and clients derive exit codes 126 and 127 from it.
    private static int StatusOf(MonitorFailureKind kind) => kind switch
    {
        MonitorFailureKind.InvalidArgument or MonitorFailureKind.CommandNotFound or MonitorFailureKind.CommandNotExecutable
            => StatusCodes.Status400BadRequest,
        MonitorFailureKind.NotRunning => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status500InternalServerError,
    };
}
