using System.Text;
using System.Text.Json;
using Hafen.Cli.Formatting.Units;

namespace Hafen.Cli.Commands.Daemon;

/// <summary>The daemon's part of <c>hafen info</c> for people.</summary>
internal static class InfoText
{
    /// <param name="info">Answer of <c>GET /info</c>.</param>
    /// <param name="debug">The client's debug mode shows the daemon's inner counts too.</param>
    public static string Of(JsonElement info, bool debug)
    {
        var text = new StringBuilder();
        Counts(text, info);
        Drivers(text, info);
        Plugins(text, info);
        Runtimes(text, info);
        Security(text, info);
        Host(text, info);
        if (debug || Flag(info, "Debug"))
            Counters(text, info);
        Surroundings(text, info);
        return text.Append('\n').ToString();
    }

    private static void Counts(StringBuilder text, JsonElement info)
    {
        Line(text, " Containers", Number(info, "Containers"));
        Line(text, "  Running", Number(info, "ContainersRunning"));
        Line(text, "  Paused", Number(info, "ContainersPaused"));
        Line(text, "  Stopped", Number(info, "ContainersStopped"));
        Line(text, " Images", Number(info, "Images"));
    }

    private static void Drivers(StringBuilder text, JsonElement info)
    {
        Known(text, " Server Version", Text(info, "ServerVersion"));
        Known(text, " Storage Driver", Text(info, "Driver"));
        foreach (var pair in Items(info, "DriverStatus"))
            text.Append("  ").Append(pair[0].GetString()).Append(": ").Append(pair[1].GetString()).Append('\n');
        Known(text, " Logging Driver", Text(info, "LoggingDriver"));
        Known(text, " Cgroup Driver", Text(info, "CgroupDriver"));
        Known(text, " Cgroup Version", Text(info, "CgroupVersion"));
    }

    private static void Plugins(StringBuilder text, JsonElement info)
    {
        if (!info.TryGetProperty("Plugins", out var plugins) || plugins.ValueKind != JsonValueKind.Object)
            return;
        text.Append(" Plugins:\n");
        Line(text, "  Volume", Joined(plugins, "Volume"));
        Line(text, "  Network", Joined(plugins, "Network"));
        Known(text, "  Authorization", Joined(plugins, "Authorization"));
        Line(text, "  Log", Joined(plugins, "Log"));
        Block(text, " CDI spec directories", Texts(info, "CDISpecDirs"));
    }

    private static void Runtimes(StringBuilder text, JsonElement info)
    {
        if (info.TryGetProperty("Swarm", out var swarm))
            Line(text, " Swarm", Text(swarm, "LocalNodeState"));
        if (info.TryGetProperty("Runtimes", out var runtimes) && runtimes.ValueKind == JsonValueKind.Object)
        {
            Line(text, " Runtimes", string.Join(' ', runtimes.EnumerateObject().Select(runtime => runtime.Name).Order(StringComparer.Ordinal)));
            Line(text, " Default Runtime", Text(info, "DefaultRuntime"));
        }

        if (Text(info, "OSType") != "linux")
            return;
        Line(text, " Init Binary", Text(info, "InitBinary"));
        Line(text, " containerd version", Commit(info, "ContainerdCommit"));
        Line(text, " runc version", Commit(info, "RuncCommit"));
        Line(text, " init version", Commit(info, "InitCommit"));
    }

    /// <summary>Options come as <c>name=seccomp,profile=default</c>.</summary>
    private static void Security(StringBuilder text, JsonElement info)
    {
        var options = Texts(info, "SecurityOptions");
        if (options.Count == 0)
            return;
        text.Append(" Security Options:\n");
        foreach (string option in options)
        {
            foreach (string field in option.Split(','))
            {
                if (field.StartsWith("name=", StringComparison.Ordinal))
                    text.Append("  ").Append(field[5..]).Append('\n');
                else if (field.StartsWith("profile=", StringComparison.Ordinal))
                    text.Append("   Profile: ").Append(field[8..]).Append('\n');
                else if (!field.Contains('=', StringComparison.Ordinal))
                    text.Append("  ").Append(field).Append('\n');
            }
        }
    }

    private static void Host(StringBuilder text, JsonElement info)
    {
        Known(text, " Kernel Version", Text(info, "KernelVersion"));
        Known(text, " Operating System", Text(info, "OperatingSystem"));
        Known(text, " OSType", Text(info, "OSType"));
        Known(text, " Architecture", Text(info, "Architecture"));
        Line(text, " CPUs", Number(info, "NCPU"));
        long memory = info.TryGetProperty("MemTotal", out var bytes) ? bytes.GetInt64() : 0;
        Line(text, " Total Memory", ByteSize.HumanBinary(memory));
        Known(text, " Name", Text(info, "Name"));
        Known(text, " ID", Text(info, "ID"));
        Line(text, " Hafen Root Dir", Text(info, "DockerRootDir"));
        Line(text, " Debug Mode", Flag(info, "Debug") ? "true" : "false");
    }

    private static void Counters(StringBuilder text, JsonElement info)
    {
        Line(text, "  File Descriptors", Number(info, "NFd"));
        Line(text, "  Threads", Number(info, "NGoroutines"));
        Line(text, "  System Time", Text(info, "SystemTime"));
        Line(text, "  EventsListeners", Number(info, "NEventsListener"));
    }

    private static void Surroundings(StringBuilder text, JsonElement info)
    {
        Known(text, " HTTP Proxy", Text(info, "HttpProxy"));
        Known(text, " HTTPS Proxy", Text(info, "HttpsProxy"));
        Known(text, " No Proxy", Text(info, "NoProxy"));
        Block(text, " Labels", Texts(info, "Labels"));
        Line(text, " Experimental", Flag(info, "ExperimentalBuild") ? "true" : "false");
        if (info.TryGetProperty("RegistryConfig", out var registry) && registry.ValueKind == JsonValueKind.Object)
            Registries(text, registry);
        Line(text, " Live Restore Enabled", Flag(info, "LiveRestoreEnabled") ? "true" : "false");
        Known(text, " Product License", Text(info, "ProductLicense"));
        var pools = Items(info, "DefaultAddressPools").ToList();
        if (pools.Count > 0)
            text.Append(" Default Address Pools:\n");
        foreach (var pool in pools)
            text.Append("   Base: ").Append(Text(pool, "Base")).Append(", Size: ").Append(Number(pool, "Size")).Append('\n');
        if (!info.TryGetProperty("FirewallBackend", out var firewall) || firewall.ValueKind != JsonValueKind.Object)
            return;
        Line(text, " Firewall Backend", Text(firewall, "Driver"));
        foreach (var pair in Items(firewall, "Info"))
            text.Append("  ").Append(pair[0].GetString()).Append(": ").Append(pair[1].GetString()).Append('\n');
    }

    private static void Registries(StringBuilder text, JsonElement registry)
    {
        var insecure = new List<string>();
        if (registry.TryGetProperty("IndexConfigs", out var indexes) && indexes.ValueKind == JsonValueKind.Object)
        {
            insecure.AddRange(indexes.EnumerateObject().Where(index => !Flag(index.Value, "Secure")).Select(index => index.Name));
            Block(text, " Insecure Registries", [.. insecure, .. Texts(registry, "InsecureRegistryCIDRs")], evenEmpty: indexes.EnumerateObject().Any());
        }
        else
        {
            Block(text, " Insecure Registries", Texts(registry, "InsecureRegistryCIDRs"));
        }

        Block(text, " Registry Mirrors", Texts(registry, "Mirrors"));
    }

    private static void Line(StringBuilder text, string name, string value) => text.Append(name).Append(": ").Append(value).Append('\n');

    private static void Known(StringBuilder text, string name, string value)
    {
        if (value.Length > 0)
            Line(text, name, value);
    }

    private static void Block(StringBuilder text, string name, IReadOnlyList<string> lines, bool evenEmpty = false)
    {
        if (lines.Count == 0 && !evenEmpty)
            return;
        text.Append(name).Append(":\n");
        foreach (string line in lines)
            text.Append("  ").Append(line).Append('\n');
    }

    private static string Text(JsonElement map, string name)
        => map.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static string Number(JsonElement map, string name)
        => map.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetRawText() : "0";

    private static bool Flag(JsonElement map, string name) => map.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string Commit(JsonElement info, string name) => info.TryGetProperty(name, out var commit) ? Text(commit, "ID") : "";

    private static IEnumerable<JsonElement> Items(JsonElement map, string name)
        => map.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : Enumerable.Empty<JsonElement>();

    private static IReadOnlyList<string> Texts(JsonElement map, string name) => [.. Items(map, name).Select(item => item.GetString() ?? "")];

    private static string Joined(JsonElement map, string name) => string.Join(' ', Texts(map, name));
}
