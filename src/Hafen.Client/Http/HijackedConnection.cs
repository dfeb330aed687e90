namespace Hafen.Client.Http;

/// <summary>A connection that stopped being HTTP: raw bytes both ways after attach or exec.</summary>
public sealed class HijackedConnection : IDisposable
{
    private readonly HttpConnection _connection;

    internal HijackedConnection(HttpConnection connection, bool multiplexed, byte[] received)
    {
        this._connection = connection;
        Multiplexed = multiplexed;
        Received = received;
    }

    /// <summary>The answer's media type says that output comes in frames of stdout and stderr.</summary>
    public bool Multiplexed { get; }

    /// <summary>Output that came together with the head of the answer.</summary>
    public byte[] Received { get; }

    public int Descriptor => _connection.Socket.Number;

    /// <summary>Ends our direction: the container's stdin sees its end, output goes on.</summary>
    public void CloseWrite() => _connection.Socket.CloseSend();

    public void Dispose() => _connection.Dispose();
}
