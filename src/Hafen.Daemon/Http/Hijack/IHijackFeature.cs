namespace Hafen.Daemon.Http.Hijack;

/// <summary>Takes the client's socket out of the server (Docker's "hijack"), so that another process can go on with it.</summary>
internal interface IHijackFeature
{
    /// <summary>
    /// Stops receiving and sending in order, and gives the socket away. The request's body must have been read. Afterwards the response belongs
    /// to the new owner: nothing that is written through the server reaches the client.
    /// </summary>
    ValueTask<HijackedSocket> TakeAsync();
}
