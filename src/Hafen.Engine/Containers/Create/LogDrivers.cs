namespace Hafen.Engine.Containers.Create;

/// <summary>The names of log drivers: those that are here, and those that Docker has besides.</summary>
public static class LogDrivers
{
    public const string JsonFile = "json-file", None = "none";

    public static IReadOnlyList<string> Ours { get; } = [JsonFile, None];

    private static readonly string[] s_dockers = ["local", "syslog", "journald", "gelf", "fluentd", "awslogs", "splunk", "gcplogs"];

    /// <exception cref="EngineException">It is not here; the message tells a driver that is missing from one that does not exist.</exception>
    public static void Require(string name)
    {
        if (Ours.Contains(name, StringComparer.Ordinal)) return;
        throw s_dockers.Contains(name, StringComparer.Ordinal)
            ? EngineException.NotImplemented($"log driver \"{name}\" is not supported yet: there are {string.Join(" and ", Ours)}")
            : EngineException.InvalidParameter($"error looking up logging plugin {name}: plugin \"{name}\" not found");
    }
}
