using Hafen.Client.Http;

namespace Hafen.Client.Blocking;

/// <summary>A blocking connection that stopped being HTTP. The CLI moves its bytes by the descriptor, others by the stream.</summary>
internal sealed class BlockingHijack(BlockingConnection connection, ResponseHead head) : HijackedConnection(head)
{
    private readonly byte[] _received = connection.Reader.Buffered.ToArray();
    private RawStream? _stream;

    public override Stream Stream => _stream ??= new RawStream(connection);

    public override byte[] Received => _received;

    public override int Descriptor => connection.Socket.Number;

    public override void CloseWrite() => connection.Socket.CloseSend();

    public override ValueTask CloseWriteAsync()
    {
        CloseWrite();
        return ValueTask.CompletedTask;
    }

    protected override void Dispose(bool disposing) => connection.Dispose();
}
