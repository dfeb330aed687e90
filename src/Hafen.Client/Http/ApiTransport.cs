using Hafen.Api;
using Hafen.Client.Endpoints;
using Hafen.Client.Errors;
using Hafen.Linux;

namespace Hafen.Client.Http;

/// <summary>
/// Sends requests to one daemon. Keeps one idle connection for the next request, and finds the API version without asking first:
/// the newest is tried, and a daemon that refuses it names its own.
/// </summary>
public sealed class ApiTransport : IDisposable
{
    private readonly bool _pinned;
    private HttpConnection? _idle;
    private bool _negotiated;

    /// <param name="endpoint">Where the daemon listens.</param>
    /// <param name="version">A version to insist on, or null to negotiate.</param>
    public ApiTransport(DaemonEndpoint endpoint, ApiVersion? version = null)
    {
        Endpoint = endpoint;
        _pinned = version is not null;
        Version = version ?? ApiVersion.Newest;
    }

    public DaemonEndpoint Endpoint { get; }

    /// <summary>The API version in use; final once an answer came.</summary>
    public ApiVersion Version { get; private set; }

    /// <summary>Settles <see cref="Version"/> by a ping, for requests that cannot be sent twice or whose form depends on it.</summary>
    public void Negotiate()
    {
        if (_pinned || _negotiated)
            return;
        using var response = Send(new ApiRequest("GET", "/_ping") { Unversioned = true });
        response.ReadAll();
        if (ApiVersion.TryParse(response.Head.Header("Api-Version") ?? "", out var offered))
        {
            if (offered < Version)
                Version = offered;
        }
        else
        {
            Version = ApiVersion.Oldest;
        }

        _negotiated = true;
    }

    /// <summary>Sends a request and reads the head of the answer.</summary>
    /// <exception cref="ApiException">The daemon refused.</exception>
    /// <exception cref="DaemonUnreachableException">Nobody listens.</exception>
    public ApiResponse Call(ApiRequest request)
    {
        if (request.BodyStream is not null)
            Negotiate();
        while (true)
        {
            var response = request.BodyStream is null ? Send(request) : Upload(request);
            try
            {
                response.ThrowIfError();
                _negotiated |= !request.Unversioned;
                return response;
            }
            catch (ApiException exception) when (Downgrade(exception))
            {
                response.Dispose();
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
    }

    /// <summary>Sends a request and leaves the answer's head unread, to let several requests travel at the same time.</summary>
    /// <remarks>The version must be settled before.</remarks>
    public PendingResponse Begin(ApiRequest request)
    {
        var connection = Open();
        connection.Send(request, PathOf(request));
        return new PendingResponse(this, connection, request);
    }

    /// <summary>Sends a request that turns its connection into a raw stream.</summary>
    public HijackedConnection Hijack(ApiRequest request)
    {
        while (true)
        {
            using var pending = Begin(request with { Upgrade = true });
            try
            {
                var hijacked = pending.Hijack();
                _negotiated = true;
                return hijacked;
            }
            catch (ApiException exception) when (Downgrade(exception))
            {
                // Asked again with the version the daemon offers.
            }
        }
    }

    public void Dispose()
    {
        _idle?.Dispose();
        _idle = null;
    }

    internal void Return(HttpConnection connection, bool reusable)
    {
        if (!reusable || _idle is not null || connection.Upload is not null)
        {
            connection.Dispose();
            return;
        }

        connection.Reused = true;
        _idle = connection;
    }

    internal ApiResponse ReadAnswer(HttpConnection connection, ApiRequest request)
    {
        var head = ResponseHead.Read(connection.Reader);
        bool hasBody = request.Method != "HEAD" && head.Status is not (204 or 304);
        return new ApiResponse(this, connection, head, new ResponseBody(connection.Reader, head, hasBody));
    }

    private bool Downgrade(ApiException refusal)
    {
        if (_pinned || refusal.Status != 400 || VersionRefusal.Offered(refusal.Message) is not { } offered || offered >= Version)
            return false;
        Version = offered;
        return true;
    }

    private string PathOf(ApiRequest request) => request.Unversioned ? request.Path : $"/v{Version}{request.Path}";

    /// <summary>
    /// On the kept connection when it still stands. A request is sent a second time only when that does no harm (it only asks) or when nothing of it has left:
    /// what the daemon may have read, it may have acted on.
    /// </summary>
    private ApiResponse Send(ApiRequest request)
    {
        bool refused = false;
        while (true)
        {
            var connection = TakeIdle() ?? Open();
            long before = connection.Sent;
            try
            {
                connection.Send(request, PathOf(request));
                return ReadAnswer(connection, request);
            }
            catch (LinuxException exception) when (!refused && exception.Call == "send" && (request.IsRepeatable || connection.Sent == before))
            {
                refused = true;
                connection.Dispose();
            }
            catch (Exception exception) when (request.IsRepeatable && connection.Reused && exception is LinuxException or ProtocolException { NothingReceived: true })
            {
                // The peer closed it in this moment, and a fresh one decides.
                connection.Dispose();
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
    }

    private HttpConnection? TakeIdle()
    {
        var connection = _idle;
        _idle = null;
        if (connection is null or { IsAlive: true })
            return connection;
        connection.Dispose();
        return null;
    }

    private ApiResponse Upload(ApiRequest request)
    {
        var connection = Open();
        try
        {
            // The daemon reports progress while it receives: reading must not wait for the end of the writing.
            new BodyUpload(connection, request, PathOf(request)).Start();
            return ReadAnswer(connection, request);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private HttpConnection Open()
    {
        try
        {
            return new HttpConnection(Endpoint.Connect(), Endpoint.HostHeader);
        }
        catch (LinuxException exception)
        {
            throw new DaemonUnreachableException(
                Endpoint.Text, exception.Number == Errno.EACCES, exception.Message);
        }
    }
}
