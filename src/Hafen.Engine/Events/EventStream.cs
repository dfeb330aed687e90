using Hafen.Api;

namespace Hafen.Engine.Events;

/// <summary>
/// What happens in the engine, in order. The last 256 events are kept for clients that ask for the past (<c>since</c>).
/// </summary>
public sealed class EventStream(TimeProvider time)
{
    private const int Kept = 256;

    private readonly Lock _lock = new();
    private readonly Queue<EventMessage> _past = new(Kept);
    private readonly HashSet<EventSubscription> _subscriptions = [];
    private long _lastTime;

    public EventStream() : this(TimeProvider.System)
    {
    }

    /// <summary>Number of clients that listen.</summary>
    public int Listeners
    {
        get { lock (_lock) return _subscriptions.Count; }
    }

    /// <summary>Tells everyone who listens. Never blocks and never throws.</summary>
    /// <param name="type"><c>container</c>, <c>image</c>, <c>volume</c>, <c>network</c>, <c>daemon</c>.</param>
    /// <param name="action">The verb, for example <c>start</c>.</param>
    /// <param name="id">The actor's ID.</param>
    /// <param name="attributes">What else is known of the actor, labels included.</param>
    public void Publish(string type, string action, string id, IReadOnlyDictionary<string, string> attributes)
    {
        lock (_lock)
        {
            // Two events never carry the same time, so that a client can resume with `since` and lose nothing.
            long now = Math.Max(GoTime.UnixNanoseconds(time.GetUtcNow()), _lastTime + 1);
            _lastTime = now;
            bool old = type is "container" or "image";
            var message = new EventMessage
            {
                Status = old ? action : null,
                Id = old ? id : null,
                From = type == "container" ? attributes.GetValueOrDefault("image") : null,
                Type = type,
                Action = action,
                Actor = new EventActor { ID = id, Attributes = attributes },
                Scope = "local",
                Time = now / 1_000_000_000,
                TimeNano = now,
            };
            if (_past.Count == Kept) _past.Dequeue();
            _past.Enqueue(message);
            foreach (var subscription in _subscriptions) subscription.Offer(message);
        }
    }

    /// <summary>Begins to listen: past events from <paramref name="since"/> on come first, and nothing is lost between them and the live ones.</summary>
    /// <param name="since">Nanoseconds since 1970; null for live events only.</param>
    /// <param name="until">Nanoseconds since 1970 after which the stream ends; null for never.</param>
    /// <param name="filters">See <see cref="EventFilter"/>.</param>
    public EventSubscription Subscribe(long? since, long? until, FilterSet filters)
    {
        EventFilter.Validate(filters);
        long now = GoTime.UnixNanoseconds(time.GetUtcNow());
        var subscription = new EventSubscription(this, until, filters);
        lock (_lock)
        {
            if (since is { } from)
            {
                foreach (var message in _past)
                    if (message.TimeNano >= from) subscription.Offer(message);
            }
            if (until is { } end && end <= now) subscription.Complete();
            else _subscriptions.Add(subscription);
        }
        if (until is { } later && later > now)
            subscription.CompleteAfter(time, TimeSpan.FromTicks((later - now) / 100));
        return subscription;
    }

    internal void Remove(EventSubscription subscription)
    {
        lock (_lock) _subscriptions.Remove(subscription);
    }
}
