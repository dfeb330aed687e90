using System.IO.Pipelines;
using Hafen.Logging.Readers;

namespace Hafen.Engine.Containers;

/// <summary>A container's log that can be read: what was found before the answer began is what is copied after it.</summary>
public sealed class ContainerLog
{
    internal ContainerLog(Container container, ILogReader reader, LogsRequest request)
    {
        Container = container;
        Reader = reader;
        Request = request;
    }

    internal Container Container { get; }
    internal ILogReader Reader { get; }
    internal LogsRequest Request { get; }

    /// <summary>Output comes in frames; a terminal's does not.</summary>
    public bool Multiplexed => !Container.Record.Config.Tty;

    /// <summary>Copies the log; when following, until the run that goes on now has ended, whether the policy makes another one or not.</summary>
    public Task CopyAsync(PipeWriter output, CancellationToken cancellationToken)
        => Reader.CopyAsync(
            new LogRequest
            {
                Stdout = Request.Stdout,
                Stderr = Request.Stderr,
                Tail = Request.Tail,
                Since = Request.Since,
                Until = Request.Until,
                Timestamps = Request.Timestamps,
                Details = Request.Details,
                Multiplexed = Multiplexed,
                SharedFrames = !Request.Follow,
                FollowUntil = Request.Follow ? Container.RunEnd(cancellationToken) : null,
            },
            output,
            cancellationToken);
}
