namespace Hafen.Engine.Tests.Monitors;

/// <summary>What is counted of the whole process is counted while no other test runs in it.</summary>
[CollectionDefinition(nameof(DescriptorTests), DisableParallelization = true)]
[Collection(nameof(DescriptorTests))]
public sealed class DescriptorTests
{
    [Fact]
    public async Task Many_containers_at_once_leave_no_zombie_and_no_descriptor()
    {
        await using var warm = new MonitorBench();
        await (await warm.CreateAsync("true")).StartAsync(default);
        int descriptors = Directory.GetFiles("/proc/self/fd").Length;
        for (int round = 0; round < 3; round++)
        {
            var runs = Enumerable.Range(0, 4).Select(async i =>
            {
                await using var bench = new MonitorBench();
                var monitor = await bench.CreateAsync($"exit {i}");
                await monitor.StartAsync(default);
                Assert.Equal(i, (await MonitorBench.ExitAsync(monitor)).ExitCode);
                await MonitorBench.Until(() => !Directory.Exists($"/proc/{monitor.Pid}"), "the monitor is reaped");
            });
            await Task.WhenAll(runs);
        }
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, descriptors + 4);
    }
}
