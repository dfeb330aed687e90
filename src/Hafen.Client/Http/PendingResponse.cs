using Hafen.Client.Errors;

namespace Hafen.Client.Http;

/// <summary>A request that was sent and whose answer is still to be read.</summary>
public sealed class PendingResponse : IDisposable
{
    private readonly ApiTransport _transport;
    private readonly ApiRequest _request;
    private HttpConnection? _connection;

    internal PendingResponse(ApiTransport transport, HttpConnection connection, ApiRequest request)
    {
        this._transport = transport;
        this._connection = connection;
        this._request = request;
    }

    /// <summary>Reads the head of the answer.</summary>
    /// <exception cref="ApiException">The daemon refused.</exception>
    public ApiResponse Read()
    {
        var response = _transport.ReadAnswer(Take(), _request);
        try
        {
            response.ThrowIfError();
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Reads the head of the answer and takes the connection as a raw stream.</summary>
    /// <exception cref="ApiException">The daemon refused.</exception>
    public HijackedConnection Hijack()
    {
        var taken = Take();
        try
        {
            var head = ResponseHead.Read(taken.Reader);

            // Old daemons answer 200 and hijack all the same.
            if (head.Status is 101 or 200)
            {
                return new HijackedConnection(
                    taken, head.Header("Content-Type") == "application/vnd.docker.multiplexed-stream", taken.Reader.Buffered.ToArray());
            }
            using var response = new ApiResponse(_transport, taken, head, new ResponseBody(taken.Reader, head, hasBody: true));
            throw new ApiException(head.Status, ApiResponse.ErrorText(head, response.ReadAll()));
        }
        catch (Exception exception) when (exception is ProtocolException or Linux.LinuxException)
        {
            taken.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private HttpConnection Take()
    {
        var taken = _connection ?? throw new ObjectDisposedException(nameof(PendingResponse));
        _connection = null;
        return taken;
    }
}
