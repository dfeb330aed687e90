using Hafen.Client.Http;

namespace Hafen.Client.Blocking;

/// <summary>An answer on a blocking connection, whose descriptor can be polled.</summary>
internal sealed class BlockingResponse(BlockingTransport transport, BlockingConnection connection, ResponseHead head, ResponseBody body) : ApiResponse(head)
{
    private bool _disposed;

    public override Stream Body => body;

    public override int Descriptor => connection.Socket.Number;

    protected override void Dispose(bool disposing)
    {
        if (_disposed)
            return;
        _disposed = true;
        body.DropBuffered();
        transport.Return(connection, body.Finished && !body.EndsConnection && Head.KeepsAlive && Head.Status != 101);
    }
}
