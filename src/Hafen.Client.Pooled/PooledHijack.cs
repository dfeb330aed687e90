using Hafen.Client.Http;

namespace Hafen.Client.Pooled;

/// <summary>
/// A connection that stopped being HTTP, over TLS, too. The framework's client goes on reading, for it has what came with the head; writing goes past it, because
/// it knows no half-close.
/// </summary>
internal sealed class PooledHijack(PooledResponse response, Stream input, ConnectionStream connection) : HijackedConnection(response.Head)
{
    public override Stream Stream { get; } = new PooledBody(input, connection.Connection);

    public override void CloseWrite() => CloseWriteAsync().AsTask().GetAwaiter().GetResult();

    public override ValueTask CloseWriteAsync() => connection.CloseSendingAsync();

    protected override void Dispose(bool disposing) => response.Dispose();
}
