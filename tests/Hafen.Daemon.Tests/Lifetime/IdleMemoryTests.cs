using Hafen.Daemon.Lifetime;

namespace Hafen.Daemon.Tests.Lifetime;

public sealed class IdleMemoryTests
{
    [Fact]
    public async Task It_releases_once_after_each_burst_of_requests()
    {
        using var released = new SemaphoreSlim(0);
        using var idle = new IdleMemory(TimeSpan.FromMilliseconds(50), () => released.Release());
        for (int burst = 0; burst < 2; burst++)
        {
            for (int request = 0; request < 100; request++) idle.Touch();
            Assert.True(await released.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        }
        Assert.Equal(0, released.CurrentCount);
    }

    [Fact]
    public void A_disposed_one_releases_nothing()
    {
        int releases = 0;
        using var idle = new IdleMemory(TimeSpan.FromHours(1), () => releases++);
        idle.Touch();
        idle.Dispose();
        idle.Touch();
        Assert.Equal(0, releases);
    }
}
