using Hafen.Daemon.Configuration;

namespace Hafen.Daemon.Tests.Configuration;

public sealed class CurrentSettingsTests
{
    [Fact]
    public void A_change_before_anybody_follows_is_not_lost()
    {
        var first = new DaemonSettings();
        var current = new CurrentSettings(first);
        var known = current.Value;
        current.Change(before => before with { Debug = true });
        var told = new List<DaemonSettings>();
        current.Follow(known, told.Add);
        Assert.True(Assert.Single(told).Debug);
        current.Change(before => before with { Debug = false });
        Assert.Equal([true, false], told.Select(settings => settings.Debug));
    }

    [Fact]
    public void Who_knows_the_last_ones_is_told_nothing_and_a_change_to_nothing_is_none()
    {
        var current = new CurrentSettings(new DaemonSettings { Debug = true });
        var told = new List<DaemonSettings>();
        current.Follow(current.Value, told.Add);
        current.Change(_ => null);
        Assert.Empty(told);
        Assert.True(current.Value.Debug);
    }
}
