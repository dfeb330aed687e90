using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Monitors;

/// <summary>
/// A monitor's events for one reader, whatever connections they come over. An event counts as dealt with when the reader comes back for the next one; only
/// then does the monitor end the clients' streams, so that a client that sees the end and asks for the exit code gets it.
/// </summary>
internal sealed class AcknowledgedEvents : ChannelReader<MonitorEvent>
{
    private readonly Channel<Told> _channel = Channel.CreateUnbounded<Told>(new UnboundedChannelOptions());

    private Told? _taken;

    public override Task Completion => _channel.Reader.Completion;

    /// <param name="connection">Where it is acknowledged; null for what nobody waits for.</param>
    public void Publish(MonitorEvent happened, MonitorConnection? connection = null, uint number = 0) =>
        _channel.Writer.TryWrite(new Told(happened, connection, number));

    public void Complete() => _channel.Writer.TryComplete();

    public override bool TryRead([MaybeNullWhen(false)] out MonitorEvent item)
    {
        Acknowledge();
        if (_channel.Reader.TryRead(out var next))
        {
            item = next.Event;
            _taken = next;
            return true;
        }
        item = null;
        return false;
    }

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        Acknowledge();
        return _channel.Reader.WaitToReadAsync(cancellationToken);
    }

    private void Acknowledge()
    {
        if (Interlocked.Exchange(ref _taken, null) is { Connection: { } connection, Number: var number })
            connection.Acknowledge(number);
    }

    private sealed record Told(MonitorEvent Event, MonitorConnection? Connection, uint Number);
}
