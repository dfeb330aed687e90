namespace Hafen.Daemon.Http.Authorization;

/// <summary>
/// Says whether a client may have what it asks for. Every request passes here once: its version and its route are known, and nothing of it has been read, begun or
/// answered yet, a stream that is to be taken over as little as any other body.
/// </summary>
internal interface IRequestAuthorization
{
    /// <summary>Returns when the request may be dealt with.</summary>
    /// <param name="request">Whose head has been read.</param>
    /// <exception cref="Hafen.Errors.HafenException">It may not; the kind decides the status, <see cref="Hafen.Errors.ErrorKind.Forbidden"/> as a rule, and the client gets the message.</exception>
    ValueTask RequireAsync(ApiRequest request);
}
