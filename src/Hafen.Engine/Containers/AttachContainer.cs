using System.Runtime.InteropServices;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Containers;

/// <summary>Attaches a client that was let in.</summary>
public sealed class AttachContainer
{
    private readonly ContainerEvents _events;

    internal AttachContainer(ContainerEvents events) => _events = events;

    /// <summary>
    /// Gives the client's socket away: to the monitor of a running container at once, else at its next start. The caller's
    /// descriptor is closed. Without <see cref="AttachRequest.Stream"/> it is only closed.
    /// </summary>
    /// <param name="attachment">The client; its place is filled by this.</param>
    /// <param name="client">Its socket.</param>
    /// <param name="prefix">Bytes the client had already sent.</param>
    /// <param name="cancellationToken">Gives up handing it over.</param>
    public async Task RunAsync(Attachment attachment, SafeHandle client, byte[] prefix, CancellationToken cancellationToken)
    {
        var container = attachment.Container;
        var request = attachment.Request;
        _events.Publish(container, "attach");
        if (!request.Stream)
        {
            client.Dispose();
            return;
        }
        var config = container.Record.Config;
        var place = attachment.Place;
        attachment.Place = null;
        var wanted = new MonitorAttach
        {
            Stdin = request.Stdin && config.OpenStdin,
            Stdout = request.Stdout,
            Stderr = request.Stderr,
            Multiplexed = attachment.Multiplexed,
            // Keys are typed on a terminal; in other streams the same bytes are data.
            DetachKeys = config.Tty ? attachment.DetachKeys : [],
            Prefix = prefix,
        };
        await container.Attachments.AddAsync(place, new AttachedClient(wanted, client), cancellationToken);
        // Gone in the meantime: nobody would ever come for the socket.
        if (container.IsRemoved)
            container.Attachments.Drop();
    }
}
