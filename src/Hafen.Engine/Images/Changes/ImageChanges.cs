using System.Text.Json;
using Hafen.Engine.Containers;
using Hafen.Oci.Images;

namespace Hafen.Engine.Images.Changes;

/// <summary>Applies instructions such as <c>ENV a=b</c> to an image's defaults (<c>import --change</c>, <c>commit --change</c>). Pure.</summary>
public static class ImageChanges
{
    private static readonly JsonElement s_empty = EmptyObject();
    private static readonly char[] s_space = [' ', '\t'];

    /// <exception cref="EngineException">An instruction is unknown or malformed.</exception>
    public static ImageProcessConfig Apply(ImageProcessConfig config, IReadOnlyList<string> changes)
    {
        foreach (string line in changes.SelectMany(Lines))
        {
            string text = line.Trim();
            if (text.Length > 0 && text[0] != '#') config = Apply(config, text);
        }
        return config;
    }

    /// <summary>A backslash at its end joins a line with the next one.</summary>
    private static string[] Lines(string change) => change.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\\\n", "", StringComparison.Ordinal).Split('\n');

    private static ImageProcessConfig Apply(ImageProcessConfig config, string line)
    {
        string[] parts = line.Split(s_space, 2);
        string name = parts[0].ToUpperInvariant();
        string rest = parts.Length > 1 ? parts[1].Trim() : "";
        if (rest.Length == 0) throw EngineException.InvalidParameter($"{name} requires at least one argument");
        var words = new ChangeWords(variable => Value(config.Env, variable));
        return name switch
        {
            "CMD" => config with { Cmd = Command(rest) },
            "ENTRYPOINT" => config with { Entrypoint = Command(rest) },
            "ENV" => config with { Env = WithEnv(config.Env, words.Pairs(name, rest)) },
            "EXPOSE" => config with { ExposedPorts = With(config.ExposedPorts, words.Split(rest).SelectMany(Ports).SelectMany(ExposedPorts)) },
            "LABEL" => config with { Labels = WithLabels(config.Labels, words.Pairs(name, rest)) },
            "USER" => config with { User = words.Single(name, rest) },
            "VOLUME" => config with { Volumes = With(config.Volumes, Volumes(words, rest)) },
            "WORKDIR" => config with { WorkingDir = WorkingFolder(config.WorkingDir, words.Expand(rest)) },
            "ONBUILD" => config with { OnBuild = [.. config.OnBuild ?? [], OnBuild(rest)] },
            "STOPSIGNAL" => config with { StopSignal = StopSignal(words.Single(name, rest)) },
            "HEALTHCHECK" => config with { Healthcheck = HealthcheckChange.Parse(rest) },
            "FROM" or "RUN" or "COPY" or "ADD" or "ARG" or "SHELL" or "MAINTAINER"
                => throw EngineException.InvalidParameter($"{parts[0].ToLowerInvariant()} is not a valid change command"),
            _ => throw EngineException.InvalidParameter($"dockerfile parse error on line 1: unknown instruction: {parts[0]}"),
        };
    }

    /// <summary>The list form, or a command line for the shell.</summary>
    internal static string[] Command(string text) => JsonList(text) ?? ["/bin/sh", "-c", text];

    private static string? Value(string[]? env, string name)
        => env?.LastOrDefault(entry => entry.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    /// <summary>The only words that a value's spaces make more of.</summary>
    private static string[] Ports(string word) => word.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static string[] Volumes(ChangeWords words, string rest)
    {
        string[] volumes = JsonList(rest) is { } list ? [.. list.Select(words.Expand)] : [.. words.Split(rest)];
        if (volumes.Length == 0) throw EngineException.InvalidParameter("VOLUME requires at least one argument");
        return volumes.All(volume => volume.Trim().Length > 0) ? volumes : throw EngineException.InvalidParameter("VOLUME specified can not be an empty string");
    }

    private static string StopSignal(string text)
    {
        // What it means is not kept, only that it means something.
        SignalNames.Parse(text);
        return text;
    }

    /// <summary>A JSON list of strings; null when the text is no JSON.</summary>
    /// <exception cref="EngineException">A list of other things.</exception>
    private static string[]? JsonList(string text)
    {
        if (!text.StartsWith('[')) return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
                throw EngineException.InvalidParameter("When using JSON array syntax, arrays must be comprised of strings only.");
            return [.. document.RootElement.EnumerateArray().Select(item => item.GetString()!)];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string OnBuild(string rest)
    {
        string trigger = rest.Split(s_space, 2)[0].ToUpperInvariant();
        return trigger switch
        {
            "ONBUILD" => throw EngineException.InvalidParameter("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"),
            "FROM" or "MAINTAINER" => throw EngineException.InvalidParameter($"{trigger} isn't allowed as an ONBUILD trigger"),
            _ => rest,
        };
    }

    private static string WorkingFolder(string? before, string folder)
    {
        string joined = folder.StartsWith('/') ? folder : $"{before?.TrimEnd('/')}/{folder}";
        return Path.GetFullPath(joined);
    }

    private static IEnumerable<string> ExposedPorts(string text)
    {
        string[] parts = text.Split('/', 2);
        string protocol = parts.Length > 1 ? parts[1].ToLowerInvariant() : "tcp";
        string[] range = parts[0].Split('-', 2);
        if (protocol is not ("tcp" or "udp" or "sctp") || !Port(range[0], out int first) || !Port(range[^1], out int last) || last < first)
            throw EngineException.InvalidParameter($"invalid containerPort: {text}");
        for (int port = first; port <= last; port++) yield return $"{port}/{protocol}";
    }

    private static bool Port(string text, out int port) => int.TryParse(text, out port) && port is > 0 and <= 65535;

    private static string[] WithEnv(string[]? before, IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        List<string> env = [.. before ?? []];
        foreach (var (key, value) in pairs)
        {
            int at = env.FindIndex(entry => entry.StartsWith(key + "=", StringComparison.Ordinal));
            if (at >= 0) env[at] = $"{key}={value}";
            else env.Add($"{key}={value}");
        }
        return [.. env];
    }

    private static Dictionary<string, string> WithLabels(Dictionary<string, string>? before, IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        var labels = new Dictionary<string, string>(before ?? []);
        foreach (var (key, value) in pairs) labels[key] = value;
        return labels;
    }

    private static Dictionary<string, JsonElement> With(Dictionary<string, JsonElement>? before, IEnumerable<string> keys)
    {
        var set = new Dictionary<string, JsonElement>(before ?? []);
        foreach (string key in keys) set[key] = s_empty;
        return set;
    }

    private static JsonElement EmptyObject()
    {
        using var document = JsonDocument.Parse("{}");
        return document.RootElement.Clone();
    }
}
