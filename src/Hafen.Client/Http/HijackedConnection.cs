namespace Hafen.Client.Http;

/// <summary>A connection that stopped being HTTP: raw bytes both ways after attach or exec.</summary>
public abstract class HijackedConnection(ResponseHead head) : IDisposable
{
    /// <summary>The answer's media type says that output comes in frames of stdout and stderr.</summary>
    public bool Multiplexed { get; } = head.Header("Content-Type") == "application/vnd.docker.multiplexed-stream";

    /// <summary>Output and input. What came together with the head of the answer is read first.</summary>
    public abstract Stream Stream { get; }

    /// <summary>Output that came together with the head of the answer, for who reads from <see cref="Descriptor"/>.</summary>
    public virtual byte[] Received => [];

    /// <summary>The connection's file descriptor, for who polls; -1 when there is none that carries the bytes as they are.</summary>
    public virtual int Descriptor => -1;

    /// <summary>Ends our direction: the container's stdin sees its end, output goes on.</summary>
    public abstract void CloseWrite();

    /// <summary>Ends our direction: the container's stdin sees its end, output goes on.</summary>
    public abstract ValueTask CloseWriteAsync();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the connection.</summary>
    protected abstract void Dispose(bool disposing);
}
