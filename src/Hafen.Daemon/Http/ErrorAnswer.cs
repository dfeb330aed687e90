using Hafen.Errors;
using Microsoft.AspNetCore.Http;

namespace Hafen.Daemon.Http;

/// <summary>What a failure looks like on the wire. The one place where failures become status codes.</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="Message">For the client.</param>
public readonly record struct ErrorAnswer(int Status, string Message)
{
    public static ErrorAnswer Of(Exception failure) => failure switch
    {
        HafenException e => new(StatusOf(e.Kind), e.Message),
        BadHttpRequestException e => new(e.StatusCode, e.Message),
        // What the server says of a chunk whose size no number holds.
        IOException { InnerException: OverflowException } => new(StatusCodes.Status400BadRequest, failure.Message),
        _ => new(StatusCodes.Status500InternalServerError, failure.Message),
    };

    /// <summary>Whether the failure says something about this server rather than about the request.</summary>
    public bool IsServerFault => Status == StatusCodes.Status500InternalServerError;

    private static int StatusOf(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidParameter or ErrorKind.Ambiguous => StatusCodes.Status400BadRequest,
        // Docker answers 400 when the container's command cannot be started, and clients derive exit codes 126 and 127 from it.
        ErrorKind.CommandNotFound or ErrorKind.CommandNotExecutable => StatusCodes.Status400BadRequest,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.Conflict or ErrorKind.NotRunning => StatusCodes.Status409Conflict,
        ErrorKind.NotModified => StatusCodes.Status304NotModified,
        ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        ErrorKind.NotImplemented => StatusCodes.Status501NotImplemented,
        ErrorKind.Unavailable or ErrorKind.TooLate => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}
