using Hafen.Engine.Containers.List;
using Hafen.Engine.State;

namespace Hafen.Engine.Tests.Containers.List;

public sealed class StatusTextTests
{
    [Theory]
    [InlineData(0.5, "Less than a second")]
    [InlineData(1, "1 second")]
    [InlineData(59, "59 seconds")]
    [InlineData(60, "About a minute")]
    [InlineData(119, "About a minute")]
    [InlineData(120, "2 minutes")]
    [InlineData(59 * 60, "59 minutes")]
    [InlineData(60 * 60, "About an hour")]
    [InlineData(90 * 60, "2 hours")]
    [InlineData(47 * 3600, "47 hours")]
    [InlineData(48 * 3600, "2 days")]
    [InlineData(14 * 24 * 3600, "2 weeks")]
    [InlineData(60 * 24 * 3600, "2 months")]
    [InlineData(730 * 24 * 3600, "2 years")]
    public void Durations(double seconds, string text) => Assert.Equal(text, HumanDuration.Of(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Status_columns()
    {
        var now = DateTimeOffset.UtcNow;
        Assert.Equal("Created", Text(ContainerStatus.Created));
        Assert.Equal("Up 5 seconds", Text(ContainerStatus.Running));
        Assert.Equal("Up 5 seconds (Paused)", Text(ContainerStatus.Paused));
        Assert.Equal("Exited (3) 3 minutes ago", Text(ContainerStatus.Exited));
        Assert.Equal("Restarting (3) 3 minutes ago", Text(ContainerStatus.Restarting));

        string Text(ContainerStatus status) => StatusText.Of(
            new ContainerState { Status = status, ExitCode = 3, StartedAt = now.AddSeconds(-5), FinishedAt = now.AddMinutes(-3) }, now);
    }
}
