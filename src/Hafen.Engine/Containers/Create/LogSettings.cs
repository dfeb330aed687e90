using Hafen.Api;
using Hafen.Engine.State;
using Hafen.Logging;
using Hafen.Logging.Readers;

namespace Hafen.Engine.Containers.Create;

/// <summary>The log that a container's request asks for: checked at create, turned into the monitor's terms at start, found again by who reads it.</summary>
internal static class LogSettings
{
    private const string DaemonName = "hafen";

    /// <summary>The request with the daemon's defaults.</summary>
    /// <exception cref="LogException">Unknown driver or option, or a value that makes no sense.</exception>
    public static LogConfig Resolve(LogConfig? request, EngineOptions options)
    {
        var config = new Dictionary<string, string>(request?.Config ?? [], StringComparer.Ordinal);
        string driver = request?.Type ?? "";
        if (driver.Length == 0)
            driver = options.DefaultLogDriver;
        if (driver == options.DefaultLogDriver)
        {
            foreach (var (name, value) in options.DefaultLogOptions)
                config.TryAdd(name, value);
        }
        LogDrivers.Check(driver, config);
        return new LogConfig { Type = driver, Config = config };
    }

    /// <summary>Checks what depends on the container, too; the driver is <see cref="Resolve"/>d.</summary>
    /// <exception cref="LogException">More than its log can carry.</exception>
    public static void CheckContainer(ContainerConfig config, HostConfig host)
    {
        if (host.LogConfig is { } log)
            LogDrivers.Require(log.Type!).CheckContainer(Carried(config), log.Config!);
    }

    /// <summary>What the container's monitor is told.</summary>
    public static LogTarget Target(Container container)
    {
        var record = container.Record;
        var log = record.HostConfig.LogConfig!;
        var carried = Carried(record.Config) with
        {
            Id = record.Id,
            Name = record.Name,
            ImageId = record.ImageId,
            ImageName = record.Config.Image ?? "",
            DaemonName = DaemonName,
        };
        return LogDrivers.Require(log.Type!).Target(Place(container), carried, log.Config!);
    }

    /// <summary>What reads the container's log; null when it cannot be read.</summary>
    public static ILogReader? Reader(Container container) => Driver(container)?.OpenReader(Place(container));

    /// <summary>The file that the container's log is in; null when there is none to be shown.</summary>
    public static string? FileOf(Container container) => Driver(container)?.FileOf(Place(container));

    private static ILogDriver? Driver(Container container) => LogDrivers.Find(container.Record.HostConfig.LogConfig?.Type);

    private static LogPlace Place(Container container) => new(container.Folder, container.Id);

    private static LogContainer Carried(ContainerConfig config) => new() { Labels = config.Labels, Environment = config.Env };
}
