using System.Threading.Channels;
using Hafen.Api;

namespace Hafen.Engine.Events;

/// <summary>One client's view of the events. Dispose it when the client is gone.</summary>
public sealed class EventSubscription : IDisposable
{
    /// <summary>
    /// Bytes of events that wait for a client: thousands of usual ones. A client that reads this much too slowly is cut off rather than fed from ever
    /// growing memory.
    /// </summary>
    internal const int Backlog = 4 * 1024 * 1024;

    private readonly EventStream _stream;
    private readonly long? _until;
    private readonly FilterSet _filters;
    private readonly Channel<(EventMessage Message, int Size)> _channel =
        Channel.CreateUnbounded<(EventMessage, int)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Incoming _reader;
    private long _waiting;
    private ITimer? _timer;

    internal EventSubscription(EventStream stream, long? until, FilterSet filters)
    {
        _stream = stream;
        _until = until;
        _filters = filters;
        _reader = new Incoming(this);
    }

    /// <summary>The events in order; completes at the end asked for.</summary>
    public ChannelReader<EventMessage> Reader => _reader;

    /// <param name="size">Bytes it takes, about.</param>
    internal void Offer(EventMessage message, int size)
    {
        if (_until is { } until && message.TimeNano > until)
            return;
        if (!EventFilter.Matches(_filters, message))
            return;
        // One event of any size passes.
        if (Interlocked.Add(ref _waiting, size) > Math.Max(Backlog, size))
            _channel.Writer.TryComplete();
        _channel.Writer.TryWrite((message, size));
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

    /// <summary>The reading end, which counts what is taken.</summary>
    private sealed class Incoming(EventSubscription subscription) : ChannelReader<EventMessage>
    {
        private readonly ChannelReader<(EventMessage Message, int Size)> _channel = subscription._channel.Reader;

        public override Task Completion => _channel.Completion;

        public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => _channel.WaitToReadAsync(cancellationToken);

        public override bool TryRead([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out EventMessage item)
        {
            bool read = _channel.TryRead(out var next);
            item = next.Message;
            if (read)
                Interlocked.Add(ref subscription._waiting, -next.Size);
            return read;
        }
    }
}
