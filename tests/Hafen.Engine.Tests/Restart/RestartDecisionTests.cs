using Hafen.Api;
using Hafen.Engine.Restart;

namespace Hafen.Engine.Tests.Restart;

public sealed class RestartDecisionTests
{
    [Theory]
    [InlineData(null, 0, 1, 0, false, false)]
    [InlineData("no", 0, 1, 0, false, false)]
    [InlineData("always", 0, 0, 0, false, true)]
    [InlineData("always", 0, 0, 0, true, false)]
    [InlineData("unless-stopped", 0, 0, 7, false, true)]
    [InlineData("unless-stopped", 0, 0, 0, true, false)]
    [InlineData("on-failure", 0, 0, 0, false, false)]
    [InlineData("on-failure", 0, 1, 100, false, true)]
    [InlineData("on-failure", 3, 1, 2, false, true)]
    [InlineData("on-failure", 3, 1, 3, false, false)]
    [InlineData("on-failure", 3, 1, 0, true, false)]
    public void Policies(string? name, int most, int exitCode, int restarts, bool stopped, bool expected)
        => Assert.Equal(expected, RestartDecision.ShouldRestart(
            name is null ? null : new RestartPolicy { Name = name, MaximumRetryCount = most }, exitCode, restarts, stopped));

    [Fact]
    public void The_delay_doubles_up_to_a_minute_and_begins_again_after_a_long_run()
    {
        var delay = TimeSpan.Zero;
        var seen = new List<double>();
        for (int i = 0; i < 12; i++)
            seen.Add((delay = RestartDecision.Delay(delay, TimeSpan.FromSeconds(1))).TotalMilliseconds);
        Assert.Equal([100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 51200, 60000, 60000], seen);
        Assert.Equal(100, RestartDecision.Delay(delay, TimeSpan.FromSeconds(10)).TotalMilliseconds);
    }

    [Theory]
    [InlineData("always", true, 0, true)]
    [InlineData("unless-stopped", false, 0, true)]
    [InlineData("unless-stopped", true, 0, false)]
    [InlineData("on-failure", false, 255, true)]
    [InlineData("on-failure", false, 0, false)]
    [InlineData("on-failure", true, 1, false)]
    [InlineData("no", false, 1, false)]
    public void At_boot(string name, bool stopped, int exitCode, bool expected)
        => Assert.Equal(expected, RestartDecision.StartsAtBoot(new RestartPolicy { Name = name }, stopped, exitCode, 0));
}
