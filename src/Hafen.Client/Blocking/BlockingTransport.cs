using Hafen.Api;
using Hafen.Client.Endpoints;
using Hafen.Client.Errors;
using Hafen.Client.Http;
using Hafen.Linux;

namespace Hafen.Client.Blocking;

/// <summary>
/// Plain blocking calls on the caller's thread, for a program that lives for milliseconds (0030): one idle connection is kept for the next request.
/// For one thread at a time. No TLS, and a connection is waited for as long as the kernel does.
/// </summary>
public sealed class BlockingTransport : IApiTransport
{
    private readonly VersionChoice _version;
    private BlockingConnection? _idle;

    /// <param name="endpoint">Where the daemon listens.</param>
    /// <param name="version">A version to insist on, or null to negotiate.</param>
    public BlockingTransport(DaemonEndpoint endpoint, ApiVersion? version = null)
    {
        Endpoint = endpoint;
        _version = new VersionChoice(version);
    }

    public DaemonEndpoint Endpoint { get; }

    public ApiVersion Version => _version.Current;

    public ApiResponse Call(ApiRequest request) => Call(request, CancellationToken.None);

    public ValueTask<ApiResponse> CallAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new ValueTask<ApiResponse>(Call(request, cancellationToken));
        }
        catch (OperationCanceledException exception)
        {
            return ValueTask.FromCanceled<ApiResponse>(exception.CancellationToken);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<ApiResponse>(exception);
        }
    }

    public PendingResponse Begin(ApiRequest request) => Begin(request, Version);

    public HijackedConnection Hijack(ApiRequest request) => Hijack(request, CancellationToken.None);

    public ValueTask<HijackedConnection> HijackAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new ValueTask<HijackedConnection>(Hijack(request, cancellationToken));
        }
        catch (OperationCanceledException exception)
        {
            return ValueTask.FromCanceled<HijackedConnection>(exception.CancellationToken);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<HijackedConnection>(exception);
        }
    }

    public void Dispose()
    {
        _idle?.Dispose();
        _idle = null;
    }

    internal void Return(BlockingConnection connection, bool reusable)
    {
        if (!reusable || _idle is not null || connection.Upload is not null)
        {
            connection.Dispose();
            return;
        }

        connection.Reused = true;
        _idle = connection;
    }

    internal ApiResponse ReadAnswer(BlockingConnection connection, ApiRequest request)
    {
        var head = ResponseHead.Read(connection.Reader);
        bool hasBody = request.Method != "HEAD" && head.Status is not (204 or 304);
        return new BlockingResponse(this, connection, head, new ResponseBody(connection, head, hasBody));
    }

    private ApiResponse Call(ApiRequest request, CancellationToken cancellationToken)
    {
        // A streamed body cannot be sent twice, so the version is settled before it.
        if (request.BodyStream is not null && !_version.IsSettled)
            Ping(cancellationToken);
        while (true)
        {
            var asked = Version;
            var response = request.BodyStream is null ? Send(request, asked, cancellationToken) : Upload(request, asked, cancellationToken);
            try
            {
                response.ThrowIfError();
                if (!request.Unversioned)
                    _version.Settle();
                return response;
            }
            catch (ApiException exception) when (_version.Lower(exception, asked))
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

    private HijackedConnection Hijack(ApiRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var asked = Version;
            var connection = Open();
            try
            {
                var hijacked = connection.Cancellable(this, (taken, transport) =>
                {
                    var upgrade = request with { Upgrade = true };
                    taken.Send(upgrade, PathOf(upgrade, asked));
                    return new BlockingPending(transport, taken, upgrade).Hijack();
                }, cancellationToken);
                _version.Settle();
                return hijacked;
            }
            catch (ApiException exception) when (_version.Lower(exception, asked))
            {
                // Asked again with the version the daemon offers.
            }
            catch (LinuxException exception)
            {
                connection.Dispose();
                throw new ProtocolException(exception.Message);
            }
            catch (Exception exception) when (exception is not ApiException)
            {
                connection.Dispose();
                throw;
            }
        }
    }

    private BlockingPending Begin(ApiRequest request, ApiVersion version)
    {
        var connection = Open();
        try
        {
            connection.Send(request, PathOf(request, version));
            return new BlockingPending(this, connection, request);
        }
        catch (LinuxException exception)
        {
            connection.Dispose();
            throw new ProtocolException(exception.Message);
        }
    }

    private void Ping(CancellationToken cancellationToken)
    {
        using var response = Send(new ApiRequest("GET", "/_ping") { Unversioned = true }, Version, cancellationToken);
        response.ReadAll();
        _version.Settle(response.Head);
    }

    private static string PathOf(ApiRequest request, ApiVersion version) => request.Unversioned ? request.Path : $"/v{version}{request.Path}";

    /// <summary>On the kept connection when it still stands.</summary>
    private ApiResponse Send(ApiRequest request, ApiVersion version, CancellationToken cancellationToken)
    {
        bool refused = false;
        while (true)
        {
            var connection = TakeIdle() ?? Open();
            long before = connection.Sent;
            try
            {
                return connection.Cancellable(this, (taken, transport) =>
                {
                    taken.Send(request, PathOf(request, version));
                    return transport.ReadAnswer(taken, request);
                }, cancellationToken);
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
            catch (LinuxException exception)
            {
                connection.Dispose();
                throw new ProtocolException(exception.Message);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
    }

    private BlockingConnection? TakeIdle()
    {
        var connection = _idle;
        _idle = null;
        if (connection is null or { IsAlive: true })
            return connection;
        connection.Dispose();
        return null;
    }

    private ApiResponse Upload(ApiRequest request, ApiVersion version, CancellationToken cancellationToken)
    {
        var connection = Open();
        try
        {
            return connection.Cancellable(this, (taken, transport) =>
            {
                // The daemon reports progress while it receives: reading must not wait for the end of the writing.
                new BodyUpload(taken, request, PathOf(request, version)).Start();
                return transport.ReadAnswer(taken, request);
            }, cancellationToken);
        }
        catch (LinuxException exception)
        {
            connection.Dispose();
            throw new ProtocolException(exception.Message);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private BlockingConnection Open()
    {
        try
        {
            return new BlockingConnection(Endpoint.Connect(), Endpoint.HostHeader);
        }
        catch (LinuxException exception)
        {
            throw new DaemonUnreachableException(
                Endpoint.Text, exception.Number == Errno.EACCES, exception.Message);
        }
    }
}
