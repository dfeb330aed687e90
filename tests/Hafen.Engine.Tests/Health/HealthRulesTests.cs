using Hafen.Api;
using Hafen.Engine.Health;

namespace Hafen.Engine.Tests.Health;

public sealed class HealthRulesTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void The_command_is_the_tests_own_or_a_shells()
    {
        Assert.Null(HealthRules.Command(null, null));
        Assert.Null(HealthRules.Command(new HealthConfig { Test = [] }, null));
        Assert.Null(HealthRules.Command(new HealthConfig { Test = ["NONE"] }, null));
        Assert.Equal(["curl", "-f"], HealthRules.Command(new HealthConfig { Test = ["CMD", "curl", "-f"] }, null)!);
        Assert.Equal(["/bin/sh", "-c", "a | b"], HealthRules.Command(new HealthConfig { Test = ["CMD-SHELL", "a | b"] }, null)!);
        Assert.Equal(["/bin/bash", "-ec", "a"], HealthRules.Command(new HealthConfig { Test = ["CMD-SHELL", "a"] }, ["/bin/bash", "-ec"])!);
    }

    [Fact]
    public void So_many_failures_in_a_row_make_it_unhealthy_and_one_success_healthy()
    {
        var config = new HealthConfig { Retries = 2 };
        var health = HealthRules.Begin(null);
        Assert.Equal("starting", health.Status);
        health = Fail(health);
        Assert.Equal(("starting", 1), (health.Status, health.FailingStreak));
        health = Fail(health);
        Assert.Equal(("unhealthy", 2), (health.Status, health.FailingStreak));
        health = HealthRules.After(health, Result(0), config, TimeSpan.Zero);
        Assert.Equal(("healthy", 0), (health.Status, health.FailingStreak));
        Assert.Equal([1, 1, 0], health.Log!.Select(r => r.ExitCode));

        HealthInfo Fail(HealthInfo before) => HealthRules.After(before, Result(1), config, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Failures_of_the_start_period_do_not_count_until_a_success()
    {
        var config = new HealthConfig { Retries = 1, StartPeriod = 10 * Second };
        var health = HealthRules.After(HealthRules.Begin(null), Result(1), config, TimeSpan.FromSeconds(9));
        Assert.Equal(("starting", 0), (health.Status, health.FailingStreak));
        Assert.Equal("unhealthy", HealthRules.After(health, Result(1), config, TimeSpan.FromSeconds(10)).Status);
        var healthy = HealthRules.After(health, Result(0), config, TimeSpan.FromSeconds(5));
        Assert.Equal("unhealthy", HealthRules.After(healthy, Result(1), config, TimeSpan.FromSeconds(6)).Status);
    }

    [Fact]
    public void The_log_keeps_the_last_five()
    {
        var health = HealthRules.Begin(null);
        for (int code = 1; code <= 7; code++)
            health = HealthRules.After(health, Result(code), new HealthConfig(), TimeSpan.Zero);
        Assert.Equal([3, 4, 5, 6, 7], health.Log!.Select(r => r.ExitCode));
    }

    [Fact]
    public void Checks_come_faster_in_the_start_period_and_one_comes_at_its_end()
    {
        var config = new HealthConfig { Interval = 60 * Second, StartPeriod = 20 * Second };
        Assert.Equal(5, HealthRules.Wait(config, "starting", TimeSpan.Zero).TotalSeconds);
        Assert.Equal(2, HealthRules.Wait(config, "starting", TimeSpan.FromSeconds(18)).TotalSeconds);
        Assert.Equal(60, HealthRules.Wait(config, "starting", TimeSpan.FromSeconds(20)).TotalSeconds);
        Assert.Equal(60, HealthRules.Wait(config, "healthy", TimeSpan.Zero).TotalSeconds);
        Assert.Equal(30, HealthRules.Wait(new HealthConfig(), "starting", TimeSpan.Zero).TotalSeconds);
    }

    private static HealthResult Result(int code) => new() { Start = "", End = "", ExitCode = code };
}
