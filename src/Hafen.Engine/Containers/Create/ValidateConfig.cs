using System.Text;
using Hafen.Api;

namespace Hafen.Engine.Containers.Create;

/// <summary>Checks of the part of a request that does not depend on the host.</summary>
internal static class ValidateConfig
{
    private const long Millisecond = 1_000_000;

    private static readonly ContainerCreateRequest s_nothing = new();

    /// <summary>HOST_NAME_MAX.</summary>
    private const int MostHostname = 64;

    /// <summary>Refuses a request in which nothing stands at all, or nothing but the host's part.</summary>
    /// <exception cref="EngineException">With Docker's message.</exception>
    public static void RequireAny(ContainerCreateRequest request)
    {
        if (request with { HostConfig = null, NetworkingConfig = null } == s_nothing)
            throw EngineException.InvalidParameter("config cannot be empty in order to create a container");
    }

    /// <exception cref="EngineException">With Docker's message.</exception>
    public static void Check(ContainerConfig config)
    {
        if (Encoding.UTF8.GetByteCount(config.Hostname ?? "") > MostHostname)
            throw EngineException.InvalidParameter($"hostname \"{config.Hostname}\" is too long (maximum {MostHostname} bytes)");
        if (!string.IsNullOrEmpty(config.WorkingDir) && !config.WorkingDir.StartsWith('/'))
            throw EngineException.InvalidParameter($"the working directory '{config.WorkingDir}' is invalid, it needs to be an absolute path");
        if (!string.IsNullOrEmpty(config.StopSignal))
            SignalText.Parse(config.StopSignal);
        foreach (string variable in config.Env ?? [])
        {
            if (variable.Length == 0 || variable[0] == '=')
                throw EngineException.InvalidParameter($"invalid environment variable: {variable}");
        }
        if (config.Healthcheck is { } health)
            CheckHealth(health);
    }

    private static void CheckHealth(HealthConfig health)
    {
        CheckDuration("Interval", health.Interval);
        CheckDuration("Timeout", health.Timeout);
        if (health.Retries < 0)
            throw EngineException.InvalidParameter("Retries in Healthcheck cannot be negative");
        CheckDuration("StartPeriod", health.StartPeriod);
        CheckDuration("StartInterval", health.StartInterval);
    }

    private static void CheckDuration(string name, long nanoseconds)
    {
        if (nanoseconds != 0 && nanoseconds < Millisecond)
            throw EngineException.InvalidParameter($"{name} in Healthcheck cannot be less than 1ms");
    }
}
