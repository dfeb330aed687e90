using System.Runtime.InteropServices;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Containers;

/// <param name="Request">What the client wants of the monitor.</param>
/// <param name="Client">Its socket, owned by whoever holds this.</param>
internal sealed record AttachedClient(MonitorAttach Request, SafeHandle Client);

/// <summary>
/// A client's place among those who wait for a container's start. It is taken before the client is told that it is attached, for the client may start
/// the container the moment it knows; its socket follows.
/// </summary>
internal sealed class AttachmentPlace
{
    private readonly TaskCompletionSource<AttachedClient?> _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The client; null when it has left before its socket was there.</summary>
    public Task<AttachedClient?> Arrived => _arrived.Task;

    /// <summary>Fills the place; a place that was given up closes the client's socket.</summary>
    public void Give(AttachedClient client)
    {
        if (!_arrived.TrySetResult(client))
            client.Client.Dispose();
    }

    /// <summary>Nobody comes for the client any more: its socket is closed, now or when it arrives.</summary>
    public void GiveUp()
    {
        if (!_arrived.TrySetResult(null) && _arrived.Task.Result is { } client)
            client.Client.Dispose();
    }
}
