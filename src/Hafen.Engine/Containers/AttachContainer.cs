using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Hafen.Engine.Containers.Create;
using Hafen.Engine.State;
using Hafen.Logging.Readers;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Containers;

/// <summary>What an attaching client wants.</summary>
public sealed record AttachRequest
{
    public bool Stdin { get; init; }
    public bool Stdout { get; init; }
    public bool Stderr { get; init; }

    /// <summary>What was written before, first.</summary>
    public bool Logs { get; init; }

    /// <summary>What is written from now on.</summary>
    public bool Stream { get; init; }

    public string? DetachKeys { get; init; }
}

/// <summary>A client that was let in; its socket is taken over next. Dispose it when that is done or has failed.</summary>
public sealed class Attachment : IDisposable
{
    internal Attachment(Container container, AttachRequest request, byte[] detachKeys)
    {
        Container = container;
        Request = request;
        DetachKeys = detachKeys;
        // Who reads the past first may take its time: no start waits for that.
        if (request.Stream && !request.Logs) Place = container.Attachments.Reserve();
    }

    internal Container Container { get; }
    internal AttachRequest Request { get; }
    internal byte[] DetachKeys { get; }
    internal AttachmentPlace? Place { get; set; }

    /// <summary>Output comes in frames; a terminal's does not.</summary>
    public bool Multiplexed => !Container.Record.Config.Tty;

    /// <summary>The client wants what was written before, too.</summary>
    public bool Logs => Request.Logs;

    public void Dispose()
    {
        if (Place is { } place) Container.Attachments.Leave(place);
        Place = null;
    }
}

/// <summary>Attaches a client: checks first, so that failures are answers, then hands its socket to the monitor.</summary>
public static class AttachContainer
{
    /// <exception cref="EngineException">It cannot be attached to now, or the detach keys are unknown.</exception>
    public static Attachment PrepareAttach(this ContainerEngine engine, string reference, AttachRequest request)
    {
        byte[] keys = Containers.DetachKeys.Parse(request.DetachKeys, "Invalid detach keys ({0}) provided");
        var container = engine.Store.Get(reference);
        if (container.Status == ContainerStatus.Paused)
            throw EngineException.Conflict($"container {reference} is paused, unpause the container before attach");
        if (container.Status == ContainerStatus.Restarting)
            throw EngineException.Conflict($"container {reference} is restarting, wait until the container is running");
        return new Attachment(container, request, keys);
    }

    /// <summary>Makes sure, before the client is answered, that there is somebody to hand its socket to.</summary>
    /// <exception cref="EngineException">The container runs and its monitor cannot be reached.</exception>
    public static Task RequireMonitorAsync(this ContainerEngine _, Attachment attachment, CancellationToken cancellationToken)
        => attachment.Request.Stream ? ContainerChecks.RequireMonitorAsync(attachment.Container, cancellationToken) : Task.CompletedTask;

    /// <summary>What was written before, for clients that ask for it; nothing otherwise.</summary>
    public static Task WriteHistoryAsync(this ContainerEngine engine, Attachment attachment, PipeWriter output, CancellationToken cancellationToken)
    {
        if (!attachment.Logs || LogSettings.Reader(attachment.Container) is not { } reader) return Task.CompletedTask;
        return reader.CopyAsync(
            new LogRequest
            {
                Stdout = attachment.Request.Stdout,
                Stderr = attachment.Request.Stderr,
                Multiplexed = attachment.Multiplexed,
            },
            output,
            cancellationToken);
    }

    /// <summary>
    /// Gives the client's socket away: to the monitor of a running container at once, else at its next start. The caller's
    /// descriptor is closed. Without <see cref="AttachRequest.Stream"/> it is only closed.
    /// </summary>
    /// <param name="prefix">Bytes the client had already sent.</param>
    public static async Task AttachAsync(
        this ContainerEngine engine, Attachment attachment, SafeHandle client, byte[] prefix, CancellationToken cancellationToken)
    {
        var container = attachment.Container;
        var request = attachment.Request;
        engine.Publish(container, "attach");
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
        await container.Attachments.AddAsync(place, new AttachedClient(wanted, client), cancellationToken).ConfigureAwait(false);
        // Gone in the meantime: nobody would ever come for the socket.
        if (container.IsRemoved) container.Attachments.Drop();
    }
}
