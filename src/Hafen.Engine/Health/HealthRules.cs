using Hafen.Api;

namespace Hafen.Engine.Health;

/// <summary>What follows from a container's health check and its results; nothing happens here.</summary>
internal static class HealthRules
{
    private const int DefaultRetries = 3, LongestLog = 5;
    private static readonly TimeSpan s_defaultInterval = TimeSpan.FromSeconds(30), s_defaultTimeout = TimeSpan.FromSeconds(30), s_defaultStartInterval = TimeSpan.FromSeconds(5);

    /// <summary>The command line to run in the container; null when none is to be run.</summary>
    /// <param name="shell">The image's shell; null for the default one.</param>
    public static string[]? Command(HealthConfig? config, string[]? shell) => config?.Test switch
    {
        ["CMD", _, ..] test => test[1..],
        ["CMD-SHELL", _, ..] test => [.. shell is { Length: > 0 } ? shell : ["/bin/sh", "-c"], .. test[1..]],
        _ => null,
    };

    /// <summary>The health of a container that has just been started; what was found in earlier runs stays in its log.</summary>
    public static HealthInfo Begin(HealthInfo? before) => new() { Status = HealthStatus.Starting, Log = before?.Log ?? [] };

    /// <summary>The health of a container that has ended. Docker calls it so, and scripts that wait for health rely on it.</summary>
    public static HealthInfo? End(HealthInfo? before) => before is null ? null : before with { Status = HealthStatus.Unhealthy };

    /// <summary>The health after one more check.</summary>
    /// <param name="sinceStart">Time from the container's start to the check's.</param>
    public static HealthInfo After(HealthInfo before, HealthResult result, HealthConfig config, TimeSpan sinceStart)
    {
        HealthResult[] log = [.. (before.Log ?? []).TakeLast(LongestLog - 1), result];
        if (result.ExitCode == 0)
            return new HealthInfo { Status = HealthStatus.Healthy, Log = log };
        bool excused = before.Status == HealthStatus.Starting && sinceStart < Duration(config.StartPeriod, TimeSpan.Zero);
        if (excused)
            return before with { Log = log };
        int streak = before.FailingStreak + 1;
        bool given = streak >= (config.Retries > 0 ? config.Retries : DefaultRetries);
        return new HealthInfo { Status = given ? HealthStatus.Unhealthy : before.Status, FailingStreak = streak, Log = log };
    }

    /// <summary>Time to the next check. The start period has its own, shorter one, and ends with a check.</summary>
    public static TimeSpan Wait(HealthConfig config, string status, TimeSpan sinceStart)
    {
        var interval = Duration(config.Interval, s_defaultInterval);
        var left = Duration(config.StartPeriod, TimeSpan.Zero) - sinceStart;
        if (left <= TimeSpan.Zero || status != HealthStatus.Starting)
            return interval;
        var starting = Duration(config.StartInterval, s_defaultStartInterval);
        return starting < left ? starting : left;
    }

    /// <summary>The longest time one check may take.</summary>
    public static TimeSpan Timeout(HealthConfig config) => Duration(config.Timeout, s_defaultTimeout);

    /// <param name="nanoseconds">As the API has it; 0 for the default.</param>
    private static TimeSpan Duration(long nanoseconds, TimeSpan fallback) => nanoseconds == 0 ? fallback : TimeSpan.FromTicks(Math.Max(1, nanoseconds / TimeSpan.NanosecondsPerTick));
}
