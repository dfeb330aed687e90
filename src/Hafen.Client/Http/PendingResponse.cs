using Hafen.Client.Errors;

namespace Hafen.Client.Http;

/// <summary>A request that was sent and whose answer is still to be read, once.</summary>
public abstract class PendingResponse : IDisposable
{
    /// <summary>Reads the head of the answer.</summary>
    /// <exception cref="ApiException">The daemon refused.</exception>
    public abstract ApiResponse Read();

    /// <summary>Reads the head of the answer and takes the connection as a raw stream; for a request that asked for it.</summary>
    /// <exception cref="ApiException">The daemon refused.</exception>
    public abstract HijackedConnection Hijack();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the connection of an answer that nobody read.</summary>
    protected abstract void Dispose(bool disposing);
}
