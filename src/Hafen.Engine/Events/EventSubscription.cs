using System.Threading.Channels;
using Hafen.Api;

namespace Hafen.Engine.Events;

/// <summary>One client's view of the events. Dispose it when the client is gone.</summary>
public sealed class EventSubscription : IDisposable
{
    // A client that reads this much too slowly is cut off rather than fed from ever growing memory.
    private const int Backlog = 65536;

    private readonly EventStream _stream;
    private readonly long? _until;
    private readonly FilterSet _filters;
    private readonly Channel<EventMessage> _channel = Channel.CreateBounded<EventMessage>(
        new BoundedChannelOptions(Backlog) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private ITimer? _timer;

    internal EventSubscription(EventStream stream, long? until, FilterSet filters)
    {
        _stream = stream;
        _until = until;
        _filters = filters;
    }

    /// <summary>The events in order; completes at the end asked for.</summary>
    public ChannelReader<EventMessage> Reader => _channel.Reader;

    internal void Offer(EventMessage message)
    {
        if (_until is { } until && message.TimeNano > until) return;
        if (!EventFilter.Matches(_filters, message)) return;
        if (!_channel.Writer.TryWrite(message)) _channel.Writer.TryComplete();
    }

    internal void Complete() => _channel.Writer.TryComplete();

    internal void CompleteAfter(TimeProvider time, TimeSpan delay)
    {
        // A timer takes at most 49 days; a stream that long outlives its client anyway.
        var most = TimeSpan.FromDays(49);
        _timer = time.CreateTimer(static state => ((EventSubscription)state!).Complete(), this, delay < most ? delay : most, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _stream.Remove(this);
        Complete();
    }
}
