using System.IO.Pipelines;
using Hafen.Engine.Containers.Create;
using Hafen.Logging.Readers;

namespace Hafen.Engine.Containers;

/// <summary>A client that was let in; its socket is taken over next. Dispose it when that is done or has failed.</summary>
public sealed class Attachment : IDisposable
{
    internal Attachment(Container container, AttachRequest request, byte[] detachKeys)
    {
        Container = container;
        Request = request;
        DetachKeys = detachKeys;
        // Who reads the past first may take its time: no start waits for that.
        if (request.Stream && !request.Logs)
            Place = container.Attachments.Reserve();
    }

    internal Container Container { get; }
    internal AttachRequest Request { get; }
    internal byte[] DetachKeys { get; }
    internal AttachmentPlace? Place { get; set; }

    /// <summary>Output comes in frames; a terminal's does not.</summary>
    public bool Multiplexed => !Container.Record.Config.Tty;

    /// <summary>The client wants what was written before, too.</summary>
    public bool Logs => Request.Logs;

    /// <summary>Makes sure, before the client is answered, that there is somebody to hand its socket to.</summary>
    /// <exception cref="EngineException">The container runs and its monitor cannot be reached.</exception>
    public Task RequireMonitorAsync(CancellationToken cancellationToken)
        => Request.Stream ? ContainerChecks.RequireMonitorAsync(Container, cancellationToken) : Task.CompletedTask;

    /// <summary>Writes what was written before, for clients that ask for it; nothing otherwise.</summary>
    public Task WriteHistoryAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        if (!Logs || LogSettings.Reader(Container) is not { } reader)
            return Task.CompletedTask;
        return reader.CopyAsync(
            new LogRequest
            {
                Stdout = Request.Stdout,
                Stderr = Request.Stderr,
                Multiplexed = Multiplexed,
            },
            output,
            cancellationToken);
    }

    public void Dispose()
    {
        if (Place is { } place)
            Container.Attachments.Leave(place);
        Place = null;
    }
}
