using Hafen.Daemon.Lifetime;
using Microsoft.Extensions.Time.Testing;

namespace Hafen.Daemon.Tests.Lifetime;

public sealed class IdleMemoryTests
{
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_polled = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private int _releases;

    [Fact]
    public void It_releases_once_after_each_burst_of_requests()
    {
        using var idle = Idle();
        for (int burst = 1; burst <= 2; burst++)
        {
            for (int request = 0; request < 100; request++)
                idle.Touch();
            _time.Advance(s_quiet - TimeSpan.FromMilliseconds(1));
            Assert.Equal(burst - 1, _releases);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(burst, _releases);
            _time.Advance(10 * s_polled);
            Assert.Equal(burst, _releases);
        }
    }

    [Fact]
    public void The_quiet_begins_with_the_last_request()
    {
        using var idle = Idle();
        idle.Touch();
        _time.Advance(s_quiet / 2);
        idle.Touch();
        _time.Advance(s_quiet / 2);
        Assert.Equal(0, _releases);
        _time.Advance(s_quiet / 2);
        Assert.Equal(1, _releases);
    }

    [Fact]
    public void A_disposed_one_releases_nothing()
    {
        using var idle = Idle();
        idle.Touch();
        idle.Dispose();
        idle.Touch();
        _time.Advance(2 * s_polled);
        Assert.Equal(0, _releases);
    }

    [Fact]
    public void It_releases_again_and_again_while_somebody_asks_once_a_second()
    {
        using var idle = Idle();
        Ask(idle, touches: 2, TimeSpan.FromSeconds(185));
        Assert.Equal(3, _releases);
    }

    [Fact]
    public void It_releases_nothing_in_the_middle_of_work()
    {
        using var idle = Idle();
        Ask(idle, touches: 100, TimeSpan.FromSeconds(185));
        Assert.Equal(0, _releases);
    }

    private IdleMemory Idle() => new(s_quiet, s_polled, () => _releases++, _time);

    private void Ask(IdleMemory idle, int touches, TimeSpan during)
    {
        for (int second = 0; second < during.TotalSeconds; second++)
        {
            for (int touch = 0; touch < touches; touch++)
                idle.Touch();
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
