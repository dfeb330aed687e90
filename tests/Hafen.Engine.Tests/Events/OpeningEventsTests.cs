using Hafen.Api;
using Hafen.Engine.Events;

namespace Hafen.Engine.Tests.Events;

/// <summary>What the start of the daemon finds is heard by those who listen right after it.</summary>
public sealed class OpeningEventsTests
{
    private static readonly Dictionary<string, string> s_none = [];

    [Theory]
    [InlineData(1, true)]
    [InlineData(4, true)]
    [InlineData(6, false)]
    public void Who_listens_soon_after_the_start_hears_what_it_found(int seconds, bool heard)
    {
        var time = new SetTime();
        var stream = new EventStream(time);
        stream.Publish("container", "die", "a1", s_none);
        stream.Open(TimeSpan.FromSeconds(5));
        time.Now += TimeSpan.FromSeconds(seconds);
        // What happens later is for those who listen already.
        stream.Publish("container", "create", "b1", s_none);
        using var subscription = stream.Subscribe(null, null, FilterSet.Empty);
        stream.Publish("container", "start", "b1", s_none);
        var actions = new List<string>();
        while (subscription.Reader.TryRead(out var message))
            actions.Add(message.Action);
        Assert.Equal(heard ? ["die", "start"] : ["start"], actions);
    }

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddYears(50);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
