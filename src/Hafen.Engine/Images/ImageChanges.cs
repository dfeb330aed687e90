using System.Diagnostics;
using System.Text.Json;
using Hafen.Dockerfile;
using Hafen.Dockerfile.Instructions;
using Hafen.Dockerfile.Parse;
using Hafen.Engine.Containers;
using Hafen.Oci.Images;

namespace Hafen.Engine.Images;

/// <summary>Applies instructions such as <c>ENV a=b</c> to an image's defaults (<c>import --change</c>, <c>commit --change</c>). Pure.</summary>
public static class ImageChanges
{
    private static readonly JsonElement s_empty = EmptyObject();

    /// <param name="config">The defaults so far.</param>
    /// <param name="changes">Each one or more lines of a Dockerfile.</param>
    /// <exception cref="DockerfileException">An instruction is unknown or malformed.</exception>
    /// <exception cref="EngineException">An instruction says what an image cannot have, or is none that changes an image's defaults.</exception>
    public static ImageProcessConfig Apply(ImageProcessConfig config, IReadOnlyList<string> changes)
    {
        foreach (var instruction in changes.SelectMany(ReadInstructions.From))
        {
            string[]? env = config.Env;
            config = Apply(config, instruction.Expand(name => Value(env, name)));
        }
        return config;
    }

    private static ImageProcessConfig Apply(ImageProcessConfig config, Instruction instruction) => instruction switch
    {
        CmdInstruction cmd => config with { Cmd = Command(cmd.Command) },
        EntrypointInstruction entrypoint => config with { Entrypoint = Command(entrypoint.Command) },
        EnvInstruction env => config with { Env = WithEnv(config.Env, env.Variables) },
        ExposeInstruction expose => config with { ExposedPorts = With(config.ExposedPorts, expose.Ports.SelectMany(ExposedPorts)) },
        LabelInstruction label => config with { Labels = WithLabels(config.Labels, label.Labels) },
        UserInstruction user => config with { User = user.User },
        VolumeInstruction volume => config with { Volumes = With(config.Volumes, volume.Paths) },
        WorkdirInstruction workdir => config with { WorkingDir = WorkingFolder(config.WorkingDir, workdir.Path) },
        OnbuildInstruction onbuild => config with { OnBuild = [.. config.OnBuild ?? [], onbuild.Trigger] },
        StopsignalInstruction stop => config with { StopSignal = StopSignal(stop.Signal) },
        HealthcheckInstruction health => config with { Healthcheck = health.Check },
        OtherInstruction other => throw EngineException.InvalidParameter($"{other.Word.ToLowerInvariant()} is not a valid change command"),
        _ => throw new UnreachableException($"{instruction.GetType().Name} is no instruction of the language"),
    };

    private static string? Value(string[]? env, string name)
        => env?.LastOrDefault(entry => entry.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    private static string[] Command(CommandLine command) => command.List is { } list ? [.. list] : ["/bin/sh", "-c", command.Text];

    private static string StopSignal(string text)
    {
        // What it means is not kept, only that it means something.
        SignalText.Parse(text);
        return text;
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
        for (int port = first; port <= last; port++)
            yield return $"{port}/{protocol}";
    }

    private static bool Port(string text, out int port) => int.TryParse(text, out port) && port is > 0 and <= 65535;

    private static string[] WithEnv(string[]? before, IReadOnlyList<NameValue> variables)
    {
        List<string> env = [.. before ?? []];
        foreach (var (name, value) in variables)
        {
            int at = env.FindIndex(entry => entry.StartsWith(name + "=", StringComparison.Ordinal));
            if (at >= 0)
                env[at] = $"{name}={value}";
            else
                env.Add($"{name}={value}");
        }
        return [.. env];
    }

    private static Dictionary<string, string> WithLabels(Dictionary<string, string>? before, IReadOnlyList<NameValue> pairs)
    {
        var labels = new Dictionary<string, string>(before ?? []);
        foreach (var (name, value) in pairs)
            labels[name] = value;
        return labels;
    }

    private static Dictionary<string, JsonElement> With(Dictionary<string, JsonElement>? before, IEnumerable<string> keys)
    {
        var set = new Dictionary<string, JsonElement>(before ?? []);
        foreach (string key in keys)
            set[key] = s_empty;
        return set;
    }

    private static JsonElement EmptyObject()
    {
        using var document = JsonDocument.Parse("{}");
        return document.RootElement.Clone();
    }
}
