using Hafen.Api;

namespace Hafen.Engine.Containers.Create;

/// <summary>Checks of the part of a request that does not depend on the host.</summary>
internal static class ValidateConfig
{
    private const long Millisecond = 1_000_000;

    /// <exception cref="EngineException">With Docker's message.</exception>
    public static void Check(ContainerConfig config)
    {
        if (!string.IsNullOrEmpty(config.WorkingDir) && !config.WorkingDir.StartsWith('/'))
            throw EngineException.InvalidParameter($"the working directory '{config.WorkingDir}' is invalid, it needs to be an absolute path");
        if (!string.IsNullOrEmpty(config.StopSignal)) SignalNames.Parse(config.StopSignal);
        foreach (string variable in config.Env ?? [])
        {
            if (variable.Length == 0 || variable[0] == '=') throw EngineException.InvalidParameter($"invalid environment variable: {variable}");
            if (variable.Contains('\0')) throw EngineException.InvalidParameter("invalid environment variable: it holds a null byte");
        }
        foreach (string argument in (config.Entrypoint ?? []).Concat(config.Cmd ?? []))
            if (argument.Contains('\0')) throw EngineException.InvalidParameter("invalid argument: it holds a null byte");
        if (config.Healthcheck is { } health) CheckHealth(health);
    }

    private static void CheckHealth(HealthConfig health)
    {
        CheckDuration("Interval", health.Interval);
        CheckDuration("Timeout", health.Timeout);
        if (health.Retries < 0) throw EngineException.InvalidParameter("Retries in Healthcheck cannot be negative");
        CheckDuration("StartPeriod", health.StartPeriod);
        CheckDuration("StartInterval", health.StartInterval);
    }

    private static void CheckDuration(string name, long nanoseconds)
    {
        if (nanoseconds != 0 && nanoseconds < Millisecond) throw EngineException.InvalidParameter($"{name} in Healthcheck cannot be less than 1ms");
    }
}
