using Hafen.Errors;
using Hafen.Logging.JsonFile;
using Hafen.Logging.None;

namespace Hafen.Logging;

/// <summary>The table of log drivers: those that are here, and the names of those that Docker has besides.</summary>
public static class LogDrivers
{
    private static readonly ILogDriver[] s_drivers = [new JsonFileDriver(), new NoneDriver()];

    /// <summary>The one of a container for which nobody chose one.</summary>
    public static ILogDriver Default => s_drivers[0];

    /// <summary>Names of those that are here.</summary>
    public static IReadOnlyList<string> Names => [.. s_drivers.Select(driver => driver.Name)];

    /// <summary>A driver by its name; null when it is not here.</summary>
    public static ILogDriver? Find(string? name)
    {
        foreach (var driver in s_drivers)
        {
            if (driver.Name == name)
                return driver;
        }
        return null;
    }

    /// <summary>A driver by its name.</summary>
    /// <exception cref="LogException">It is not here; the message tells a driver that is missing from one that does not exist.</exception>
    public static ILogDriver Require(string name) => Find(name) ?? throw (IsDockers(name)
        ? new LogException(ErrorKind.NotImplemented, $"log driver \"{name}\" is not supported yet: there are {string.Join(" and ", Names)}")
        : new LogException(ErrorKind.InvalidParameter, $"error looking up logging plugin {name}: plugin \"{name}\" not found"));

    /// <summary>Checks a driver's name and the options for it.</summary>
    /// <exception cref="LogException">The first that cannot be, in Docker's words.</exception>
    public static void Check(string name, IReadOnlyDictionary<string, string> options)
    {
        if (Require(name).Options is not { } known)
            return;
        foreach (string option in options.Keys)
        {
            if (!known.Any(one => one.Name == option))
                throw new LogException(ErrorKind.InvalidParameter, $"unknown log opt '{option}' for {name} log driver");
        }
        foreach (var option in known)
        {
            if (options.ContainsKey(option.Name))
                option.Check?.Invoke(options);
        }
    }

    private static bool IsDockers(string name)
        => name is "local" or "syslog" or "journald" or "gelf" or "fluentd" or "awslogs" or "splunk" or "gcplogs";
}
