using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Monitors;

/// <summary>
/// A monitor's events for one reader. An event counts as dealt with when the reader comes back for the next one; only then does the monitor end the clients'
/// streams, so that a client that sees the end and asks for the exit code gets it.
/// </summary>
internal sealed class AcknowledgedEvents(Action<uint> acknowledge) : ChannelReader<MonitorEvent>
{
    private readonly Channel<(MonitorEvent Event, uint Number)> _channel =
        Channel.CreateUnbounded<(MonitorEvent, uint)>(new UnboundedChannelOptions { SingleWriter = true });

    private uint _taken;

    public override Task Completion => _channel.Reader.Completion;

    public void Publish(MonitorEvent happened, uint number) => _channel.Writer.TryWrite((happened, number));

    public void Complete() => _channel.Writer.TryComplete();

    public override bool TryRead([MaybeNullWhen(false)] out MonitorEvent item)
    {
        Acknowledge();
        if (_channel.Reader.TryRead(out var next))
        {
            (item, _taken) = next;
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
        if (Interlocked.Exchange(ref _taken, 0) is > 0 and var number)
            acknowledge(number);
    }
}
