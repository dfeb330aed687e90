using Hafen.Daemon.Lifetime;

namespace Hafen.Daemon.Tests.Lifetime;

public sealed class IdleMemoryTests
{
    [Fact]
    public async Task It_releases_once_after_each_burst_of_requests()
    {
        using var released = new SemaphoreSlim(0);
        using var idle = new IdleMemory(TimeSpan.FromMilliseconds(50), TimeSpan.FromHours(1), () => released.Release());
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
        using var idle = new IdleMemory(TimeSpan.FromHours(1), TimeSpan.FromHours(1), () => releases++);
        idle.Touch();
        idle.Dispose();
        idle.Touch();
        Assert.Equal(0, releases);
    }

    [Fact]
    public async Task It_releases_again_and_again_while_somebody_asks_now_and_then()
    {
        using var released = new SemaphoreSlim(0);
        using var idle = new IdleMemory(TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(50), () => released.Release());
        for (int release = 0; release < 2; release++)
        {
            idle.Touch();
            Assert.True(await released.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task It_releases_nothing_in_the_middle_of_work()
    {
        int releases = 0;
        using var idle = new IdleMemory(TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(50), () => releases++);
        for (int pause = 0; pause < 5; pause++)
        {
            for (int request = 0; request < 1_000_000; request++) idle.Touch();
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        idle.Dispose();
        Assert.Equal(0, releases);
    }
}
