using Hafen.Api;
using Hafen.Engine.Events;
using Microsoft.Extensions.Time.Testing;

namespace Hafen.Engine.Tests.Events;

public sealed class EventStreamTests
{
    private static readonly Dictionary<string, string> s_web = new() { ["name"] = "web", ["image"] = "nginx:1", ["tier"] = "front" };

    [Fact]
    public void Past_events_come_first_and_nothing_is_lost_or_doubled()
    {
        var stream = new EventStream();
        stream.Publish("container", "create", "a1", s_web);
        using var subscription = stream.Subscribe(since: 0, until: null, FilterSet.Empty);
        stream.Publish("container", "start", "a1", s_web);
        Assert.Equal(["create", "start"], Drain(subscription).Select(m => m.Action));
    }

    [Fact]
    public void Only_256_are_kept()
    {
        var stream = new EventStream();
        for (int i = 0; i < 300; i++)
            stream.Publish("container", $"n{i}", "a1", s_web);
        using var subscription = stream.Subscribe(since: 0, until: null, FilterSet.Empty);
        var actions = Drain(subscription).Select(m => m.Action).ToList();
        Assert.Equal(256, actions.Count);
        Assert.Equal("n44", actions[0]);
        Assert.Equal("n299", actions[^1]);
    }

    [Fact]
    public void A_stream_into_the_past_ends_by_itself()
    {
        var time = new FakeTimeProvider();
        var stream = new EventStream(time);
        stream.Publish("image", "tag", "sha256:1", new Dictionary<string, string>());
        using var subscription = stream.Subscribe(since: 0, until: GoTime.UnixNanoseconds(time.GetUtcNow()), FilterSet.Empty);
        Assert.Single(Drain(subscription));
        Assert.True(subscription.Reader.Completion.IsCompleted);
    }

    [Fact]
    public void Two_events_never_have_one_time()
    {
        var stream = new EventStream();
        using var subscription = stream.Subscribe(null, null, FilterSet.Empty);
        for (int i = 0; i < 100; i++)
            stream.Publish("container", "start", "a1", s_web);
        var times = Drain(subscription).Select(m => m.TimeNano).ToList();
        Assert.Equal(times.Distinct().Order(), times);
    }

    [Theory]
    [InlineData("type", "container", true)]
    [InlineData("type", "image", false)]
    [InlineData("event", "exec_create", true)]
    [InlineData("event", "exec_create: sh", true)]
    [InlineData("event", "exec", false)]
    [InlineData("container", "web", true)]
    [InlineData("container", "a1", true)]
    [InlineData("container", "db", false)]
    [InlineData("image", "nginx:1", true)]
    [InlineData("image", "nginx", true)]
    [InlineData("image", "ngin", false)]
    [InlineData("label", "tier=front", true)]
    [InlineData("label", "tier", true)]
    [InlineData("label", "tier=back", false)]
    [InlineData("network", "web", true)]
    [InlineData("network", "nginx", false)]
    [InlineData("image", "a1b2", true)]
    [InlineData("event", "start", false)]
    [InlineData("scope", "swarm", false)]
    [InlineData("colour", "red", true)]
    public void Filters(string name, string value, bool expected)
    {
        var stream = new EventStream();
        using var subscription = stream.Subscribe(null, null, FilterSet.Empty.With(name, value));
        stream.Publish("container", "exec_create: sh", "a1b2", s_web);
        Assert.Equal(expected, Drain(subscription).Count == 1);
    }

    [Fact]
    public void A_stream_with_an_end_and_no_beginning_tells_all_of_the_past()
    {
        var time = new FakeTimeProvider();
        var stream = new EventStream(time);
        stream.Publish("container", "create", "a1", s_web);
        long now = GoTime.UnixNanoseconds(time.GetUtcNow());
        using var over = stream.Subscribe(since: null, until: now + 1000, FilterSet.Empty);
        using var going = stream.Subscribe(since: null, until: now + 3_600_000_000_000, FilterSet.Empty);
        time.Advance(TimeSpan.FromSeconds(1));
        stream.Publish("container", "start", "a1", s_web);
        Assert.Equal(["create"], Drain(over).Select(m => m.Action));
        Assert.Equal(["create", "start"], Drain(going).Select(m => m.Action));
        Assert.False(going.Reader.Completion.IsCompleted);
    }

    [Fact]
    public void A_client_that_does_not_read_is_cut_off_before_it_costs_much()
    {
        var stream = new EventStream();
        using var slow = stream.Subscribe(null, null, FilterSet.Empty);
        using var reading = stream.Subscribe(null, null, FilterSet.Empty);
        var large = new Dictionary<string, string> { ["label"] = new('x', 100_000) };
        int read = 0;
        for (int i = 0; i < 1000; i++)
        {
            stream.Publish("container", "create", "a1", large);
            read += Drain(reading).Count;
        }
        Assert.Equal(1000, read);
        Assert.InRange(Drain(slow).Count, 1, EventSubscription.Backlog / 200_000);
        Assert.True(slow.Reader.Completion.IsCompleted);
        // The past is bounded, too.
        using var late = stream.Subscribe(since: 0, until: null, FilterSet.Empty);
        Assert.InRange(Drain(late).Count, 1, 50);
    }

    private static List<EventMessage> Drain(EventSubscription subscription)
    {
        var all = new List<EventMessage>();
        while (subscription.Reader.TryRead(out var message))
            all.Add(message);
        return all;
    }
}
