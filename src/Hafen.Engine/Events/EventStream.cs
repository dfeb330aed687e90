using Hafen.Api;

namespace Hafen.Engine.Events;

/// <summary>
/// What happens in the engine, in order. The last 256 events, or less when they are large, are kept for clients that ask for the past (<c>since</c>,
/// <c>until</c>).
/// </summary>
public sealed class EventStream(TimeProvider time)
{
    private const int Kept = 256;
    private const int KeptBytes = 8 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<(EventMessage Message, int Size)> _past = new(Kept);
    private readonly HashSet<EventSubscription> _subscriptions = [];
    private long _lastTime;
    private long _pastBytes;
    private long _opened, _heardUntil;

    public EventStream() : this(TimeProvider.System)
    {
    }

    /// <summary>Number of clients that listen.</summary>
    public int Listeners
    {
        get
        {
            lock (_lock)
                return _subscriptions.Count;
        }
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
            int size = SizeOf(message);
            _past.Enqueue((message, size));
            _pastBytes += size;
            while (_past.Count > Kept || (_pastBytes > KeptBytes && _past.Count > 1))
                _pastBytes -= _past.Dequeue().Size;
            foreach (var subscription in _subscriptions)
                subscription.Offer(message, size);
        }
    }

    /// <summary>Tells what a prune has gained.</summary>
    /// <param name="type">What was pruned, as <see cref="Publish"/> has it.</param>
    /// <param name="reclaimed">Bytes.</param>
    public void PublishPrune(string type, long reclaimed)
        => Publish(type, "prune", "", new Dictionary<string, string> { ["reclaimed"] = reclaimed.ToString() });

    /// <summary>
    /// The daemon answers from now on. What its start has found (a container that ended meanwhile) was published when nobody could listen: who begins to within
    /// the grace hears it, too.
    /// </summary>
    public void Open(TimeSpan grace)
    {
        lock (_lock)
        {
            _opened = Math.Max(GoTime.UnixNanoseconds(time.GetUtcNow()), _lastTime);
            _heardUntil = _opened + (grace.Ticks * 100);
        }
    }

    /// <summary>
    /// Begins to listen: past events from <paramref name="since"/> on come first, and nothing is lost between them and the live ones. Without either
    /// time there are live events only.
    /// </summary>
    /// <param name="since">Nanoseconds since 1970; null for as far back as events are kept.</param>
    /// <param name="until">Nanoseconds since 1970 after which the stream ends; null for never.</param>
    /// <param name="filters">See <see cref="EventFilter"/>.</param>
    public EventSubscription Subscribe(long? since, long? until, FilterSet filters)
    {
        long now = GoTime.UnixNanoseconds(time.GetUtcNow());
        var subscription = new EventSubscription(this, until, filters);
        lock (_lock)
        {
            if (since is not null || until is not null)
            {
                foreach (var (message, size) in _past)
                {
                    if (!(message.TimeNano < since))
                        subscription.Offer(message, size);
                }
            }
            else if (now < _heardUntil)
            {
                foreach (var (message, size) in _past)
                {
                    if (message.TimeNano <= _opened)
                        subscription.Offer(message, size);
                }
            }
            if (until is { } end && end <= now)
                subscription.Complete();
            else
                _subscriptions.Add(subscription);
        }
        if (until is { } later && later > now)
            subscription.CompleteAfter(time, TimeSpan.FromTicks((later - now) / 100));
        return subscription;
    }

    /// <summary>Bytes an event takes in memory, about: texts of two bytes a character, and what goes around them.</summary>
    private static int SizeOf(EventMessage message)
    {
        const int Around = 256, AroundPair = 64;
        long size = Around + 2L * (message.Actor.ID.Length + message.Action.Length);
        foreach (var (name, value) in message.Actor.Attributes)
            size += AroundPair + 2L * (name.Length + value.Length);
        return (int)Math.Min(size, int.MaxValue / 2);
    }

    internal void Remove(EventSubscription subscription)
    {
        lock (_lock)
            _subscriptions.Remove(subscription);
    }
}
