namespace Hafen.Daemon.Http.Hijack;

/// <summary>Takes the client's socket out of the server (Docker's "hijack"), so that another process can go on with it.</summary>
internal interface IHijackFeature
{
    /// <summary>
    /// Stops receiving and sending in order, sends the head of the stream, and gives the socket away once the client has read the head: there are
    /// clients that read ahead and lose what arrives together with it. One that does not read is not waited for longer than a few seconds. The request's
    /// body must have been read. Afterwards the response belongs to the new owner: nothing that is written through the server reaches the client.
    /// </summary>
    /// <exception cref="Microsoft.AspNetCore.Connections.ConnectionResetException">The client has left.</exception>
    ValueTask<HijackedSocket> TakeAsync(ReadOnlyMemory<byte> head);
}
