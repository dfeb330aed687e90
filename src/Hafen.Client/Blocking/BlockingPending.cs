using Hafen.Client.Errors;
using Hafen.Client.Http;
using Hafen.Linux;

namespace Hafen.Client.Blocking;

/// <summary>A request that was sent on a blocking connection of its own.</summary>
internal sealed class BlockingPending(BlockingTransport transport, BlockingConnection connection, ApiRequest request) : PendingResponse
{
    private BlockingConnection? _connection = connection;

    public override ApiResponse Read()
    {
        var taken = Take();
        ApiResponse response;
        try
        {
            response = transport.ReadAnswer(taken, request);
        }
        catch (Exception exception) when (exception is ProtocolException or LinuxException)
        {
            taken.Dispose();
            throw exception as ProtocolException ?? new ProtocolException(exception.Message);
        }
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

    public override HijackedConnection Hijack()
    {
        var taken = Take();
        try
        {
            var head = ResponseHead.Read(taken.Reader);

            // Old daemons answer 200 and hijack all the same.
            if (head.Status is 101 or 200)
                return new BlockingHijack(taken, head);
            using var response = new BlockingResponse(transport, taken, head, new ResponseBody(taken, head, hasBody: true));
            response.ThrowIfError();
            throw new ProtocolException($"the daemon did not give the connection away: status {head.Status}");
        }
        catch (Exception exception) when (exception is ProtocolException or LinuxException)
        {
            taken.Dispose();
            throw exception as ProtocolException ?? new ProtocolException(exception.Message);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _connection?.Dispose();
        _connection = null;
    }

    private BlockingConnection Take()
    {
        var taken = _connection ?? throw new ObjectDisposedException(nameof(PendingResponse));
        _connection = null;
        return taken;
    }
}
