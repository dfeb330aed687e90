using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hafen.Api;
using Hafen.Engine.State;
using Hafen.Errors;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Containers.Create;

/// <summary>Log driver and options of a request: checked at create, turned into the monitor's terms at start.</summary>
internal static class LogSettings
{
    private const int LongestAttributes = 4 * 1024 * 1024;

    private static readonly IReadOnlySet<string> s_jsonFileOptions = new HashSet<string>(StringComparer.Ordinal)
    {
        "max-size", "max-file", "compress", "labels", "labels-regex", "env", "env-regex", "tag", "mode", "max-buffer-size",
    };

    /// <summary>The request with the daemon's defaults.</summary>
    /// <exception cref="EngineException">Unknown driver or option, or a value that makes no sense.</exception>
    public static LogConfig Resolve(LogConfig? request, EngineOptions options)
    {
        var config = new Dictionary<string, string>(request?.Config ?? [], StringComparer.Ordinal);
        string driver = request?.Type ?? "";
        if (driver.Length == 0) driver = options.DefaultLogDriver;
        if (driver == options.DefaultLogDriver)
        {
            foreach (var (name, value) in options.DefaultLogOptions) config.TryAdd(name, value);
        }
        var log = new LogConfig { Type = driver, Config = config };
        Check(log);
        return log;
    }

    private static void Check(LogConfig log)
    {
        LogDrivers.Require(log.Type!);
        if (log.Type == LogDrivers.None) return;
        foreach (string name in log.Config!.Keys)
            if (!s_jsonFileOptions.Contains(name)) throw EngineException.InvalidParameter($"unknown log opt '{name}' for json-file log driver");
        if (log.Config.TryGetValue("mode", out string? mode) && mode is not ("" or "blocking"))
        {
            throw mode == "non-blocking"
                ? EngineException.NotImplemented("log opt 'mode=non-blocking' is not supported: output is never dropped")
                : EngineException.InvalidParameter($"logger: logging mode not supported: {mode}");
        }
        if (log.Config.ContainsKey("max-buffer-size") && mode != "non-blocking")
            throw EngineException.InvalidParameter("logger: max-buffer-size option is only supported with 'mode=non-blocking'");
        long size = MaxSize(log);
        int files = MaxFiles(log);
        if (Compress(log) && (files < 2 || size <= 0))
            throw EngineException.InvalidParameter("compress cannot be true when max-file is less than 2 or max-size is not set");
        foreach (string option in (ReadOnlySpan<string>)["labels-regex", "env-regex"])
            if (log.Config.TryGetValue(option, out string? pattern)) Pattern(pattern);
        if (log.Config.TryGetValue("tag", out string? tag)) Tag(tag, static _ => "");
    }

    /// <summary>The monitor's log of a container.</summary>
    public static MonitorLog ForMonitor(ContainerRecord record, string path)
    {
        var log = record.HostConfig.LogConfig!;
        if (log.Type == LogDrivers.None) return new MonitorLog { Driver = LogDrivers.None };
        return new MonitorLog
        {
            Driver = LogDrivers.JsonFile,
            Path = path,
            MaxSize = MaxSize(log),
            MaxFiles = MaxFiles(log),
            Compress = Compress(log),
            Attributes = Attributes(record.Config, log, field => TagField(record, field)),
        };
    }

    /// <summary>Each line of the log carries them, and the monitor keeps them in memory.</summary>
    /// <exception cref="EngineException">More than a line of a log can carry.</exception>
    public static void CheckAttributes(ContainerConfig config, HostConfig host)
    {
        if (host.LogConfig is not { Type: LogDrivers.JsonFile } log || Attributes(config, log, static _ => "") is not { } attributes) return;
        int length = Encoding.UTF8.GetByteCount(attributes);
        if (length > LongestAttributes)
            throw EngineException.InvalidParameter($"the labels and variables that the log is to carry with each line have {length} bytes, more than {LongestAttributes}");
    }

    private static long MaxSize(LogConfig log)
    {
        if (!log.Config!.TryGetValue("max-size", out string? text) || text == "-1") return 0;
        long size = HumanSize.TryParseDecimal(text, out long bytes) ? bytes : throw EngineException.InvalidParameter($"invalid size: '{text}'");
        return size > 0 ? size : throw EngineException.InvalidParameter("max-size must be a positive number");
    }

    private static int MaxFiles(LogConfig log)
    {
        if (!log.Config!.TryGetValue("max-file", out string? text)) return 1;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int files))
            throw EngineException.InvalidParameter($"strconv.Atoi: parsing \"{text}\": invalid syntax");
        return files >= 1 ? files : throw EngineException.InvalidParameter("max-file cannot be less than 1");
    }

    private static bool Compress(LogConfig log)
    {
        if (!log.Config!.TryGetValue("compress", out string? text)) return false;
        return text switch
        {
            "true" or "1" or "t" => true,
            "false" or "0" or "f" => false,
            _ => throw EngineException.InvalidParameter($"strconv.ParseBool: parsing \"{text}\": invalid syntax"),
        };
    }

    /// <summary>The <c>attrs</c> object: labels and variables chosen by name or pattern, and the tag.</summary>
    private static string? Attributes(ContainerConfig container, LogConfig log, Func<string, string> tagField)
    {
        var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var config = log.Config!;
        Choose(container.Labels ?? [], "labels");
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string variable in container.Env ?? [])
        {
            int equals = variable.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) variables[variable[..equals]] = variable[(equals + 1)..];
        }
        Choose(variables, "env");
        if (config.TryGetValue("tag", out string? tag) && tag.Length > 0) attributes["tag"] = Tag(tag, tagField);
        if (attributes.Count == 0) return null;
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in attributes) writer.WriteString(name, value);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());

        void Choose(IReadOnlyDictionary<string, string> from, string option)
        {
            if (config.TryGetValue(option, out string? names))
            {
                foreach (string name in names.Split(','))
                    if (from.TryGetValue(name, out string? value)) attributes[name] = value;
            }
            if (config.TryGetValue(option + "-regex", out string? pattern) && pattern.Length > 0)
            {
                var expression = Pattern(pattern);
                foreach (var (name, value) in from)
                    if (expression.IsMatch(name)) attributes[name] = value;
            }
        }
    }

    private static string TagField(ContainerRecord record, string field) => field switch
    {
        ".ID" => ContainerId.Short(record.Id),
        ".FullID" => record.Id,
        ".Name" => record.Name,
        ".ImageID" => ContainerId.Short(record.ImageId[(record.ImageId.IndexOf(':', StringComparison.Ordinal) + 1)..]),
        ".ImageFullID" => record.ImageId,
        ".ImageName" => record.Config.Image ?? "",
        _ => "hafen",
    };

    /// <summary>Fills the fields of a tag; templates beyond plain fields are refused by name.</summary>
    private static string Tag(string template, Func<string, string> field)
    {
        var text = new StringBuilder();
        int at = 0;
        while (at < template.Length)
        {
            int open = template.IndexOf("{{", at, StringComparison.Ordinal);
            if (open < 0) break;
            int close = template.IndexOf("}}", open, StringComparison.Ordinal);
            string name = close < 0 ? "" : template[(open + 2)..close].Trim();
            if (name is not (".ID" or ".FullID" or ".Name" or ".ImageID" or ".ImageFullID" or ".ImageName" or ".DaemonName"))
                throw EngineException.InvalidParameter($"log opt 'tag': the template {template[open..(close < 0 ? template.Length : close + 2)]} is not supported");
            text.Append(template, at, open - at).Append(field(name));
            at = close + 2;
        }
        return text.Append(template, at, template.Length - at).ToString();
    }

    private static Regex Pattern(string pattern)
    {
        try
        {
            // No backtracking: a pattern of a client must not be able to keep the daemon busy.
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new EngineException(ErrorKind.InvalidParameter, $"error parsing regexp: `{pattern}`", e);
        }
    }
}
