using Hafen.Api;
using Hafen.Client.Endpoints;
using Hafen.Client.Errors;

namespace Hafen.Client.Http;

/// <summary>
/// The way requests reach one daemon. The API version is found without asking first: the newest is tried, and a daemon that refuses it names its own.
/// A request is sent a second time only when it merely asks, or when nothing of it has left: what the daemon may have read, it may have acted on.
/// No redirection is followed.
/// </summary>
/// <remarks>
/// All ways fail alike. <see cref="ApiException"/>: the daemon refused, or sent us elsewhere. <see cref="DaemonUnreachableException"/>: nobody listens.
/// <see cref="ProtocolException"/>: the answer is not HTTP, breaks off, or does not come within its limit. A body that is read throws the last one, too.
/// A cancelled call ends its connection.
/// </remarks>
public interface IApiTransport : IDisposable
{
    /// <summary>Where the daemon listens.</summary>
    DaemonEndpoint Endpoint { get; }

    /// <summary>The API version in use; final once an answer came.</summary>
    ApiVersion Version { get; }

    /// <summary>Sends a request and reads the head of the answer, while the caller waits.</summary>
    ApiResponse Call(ApiRequest request);

    /// <summary>Sends a request and reads the head of the answer. A transport that blocks does it on the caller's thread.</summary>
    ValueTask<ApiResponse> CallAsync(ApiRequest request, CancellationToken cancellationToken);

    /// <summary>Sends a request and leaves the answer's head unread, to let several travel at the same time.</summary>
    /// <remarks>The version must be settled before.</remarks>
    PendingResponse Begin(ApiRequest request);

    /// <summary>Sends a request that turns its connection into a raw stream, while the caller waits.</summary>
    HijackedConnection Hijack(ApiRequest request);

    /// <summary>Sends a request that turns its connection into a raw stream.</summary>
    ValueTask<HijackedConnection> HijackAsync(ApiRequest request, CancellationToken cancellationToken);
}
