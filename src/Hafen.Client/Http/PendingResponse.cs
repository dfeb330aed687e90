using Hafen.Client.Errors;

namespace Hafen.Client.Http;

/// <summary>A request that was sent and whose answer is still to be read.</summary>
public sealed class PendingResponse : IDisposable
{
    private readonly ApiTransport transport;
    private readonly ApiRequest request;
    private HttpConnection? connection;

    internal PendingResponse(ApiTransport transport, HttpConnection connection, ApiRequest request)
    {
        this.transport = transport;
        this.connection = connection;
        this.request = request;
    }

    /// <summary>Reads the head of the answer.</summary>
    /// <exception cref="ApiException">The daemon refused.</exception>
    public ApiResponse Read()
    {
        var response = transport.ReadAnswer(Take(), request);
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
                return new HijackedConnection(
                    taken, head.Header("Content-Type") == "application/vnd.docker.multiplexed-stream", taken.Reader.Buffered.ToArray());
            using var response = new ApiResponse(transport, taken, head, new ResponseBody(taken.Reader, head, hasBody: true));
            throw new ApiException(head.Status, ApiResponse.ErrorText(head, response.ReadAll()));
        }
        catch (Exception failure) when (failure is ProtocolException or Linux.LinuxException)
        {
            taken.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        connection?.Dispose();
        connection = null;
    }

    private HttpConnection Take()
    {
        var taken = connection ?? throw new ObjectDisposedException(nameof(PendingResponse));
        connection = null;
        return taken;
    }
}
