using Hafen.Api;
using Hafen.Cli.CommandLine;

namespace Hafen.Cli.Commands.Containers.Options;

/// <summary>The <c>--health-*</c> flags and <c>--no-healthcheck</c>.</summary>
internal static class HealthSpec
{
    public static HealthConfig? Build(ContainerFlags flags)
    {
        bool given = flags.HealthCmd.Value.Length > 0 || flags.HealthInterval.Value != 0 || flags.HealthTimeout.Value != 0
            || flags.HealthStartPeriod.Value != 0 || flags.HealthRetries.Value != 0 || flags.HealthStartInterval.Value != 0;
        if (flags.NoHealthcheck.Value)
            return given ? throw new CommandException("--no-healthcheck conflicts with --health-* options") : new HealthConfig { Test = ["NONE"] };
        if (!given)
            return null;
        NotNegative(flags.HealthInterval);
        NotNegative(flags.HealthTimeout);
        NotNegative(flags.HealthRetries);
        NotNegative(flags.HealthStartPeriod);
        NotNegative(flags.HealthStartInterval);
        return new HealthConfig
        {
            Test = flags.HealthCmd.Value.Length > 0 ? ["CMD-SHELL", flags.HealthCmd.Value] : null,
            Interval = flags.HealthInterval.Value,
            Timeout = flags.HealthTimeout.Value,
            StartPeriod = flags.HealthStartPeriod.Value,
            StartInterval = flags.HealthStartInterval.Value,
            Retries = (int)flags.HealthRetries.Value,
        };
    }

    private static void NotNegative(ValueFlag<long> flag)
    {
        if (flag.Value < 0)
            throw new CommandException($"--{flag.Name} cannot be negative");
    }
}
