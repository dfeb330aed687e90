using System.Text.Json;

namespace Hafen.Cli.Session;

/// <summary>The user's <c>config.json</c>, in docker's format. A missing file means no settings, a broken one a warning.</summary>
internal sealed class ConfigFile
{
    private static readonly (string Member, string Variable)[] s_proxyMembers =
        [("httpProxy", "HTTP_PROXY"), ("httpsProxy", "HTTPS_PROXY"), ("ftpProxy", "FTP_PROXY"), ("noProxy", "NO_PROXY"), ("allProxy", "ALL_PROXY")];

    private readonly JsonElement? _root;

    private ConfigFile(JsonElement? root) => this._root = root;

    /// <summary>Default of <c>--detach-keys</c>, or null.</summary>
    public string? DetachKeys => Text("detachKeys");

    /// <summary>The context that <c>docker context use</c> chose, or null.</summary>
    public string? CurrentContext => Text("currentContext");

    /// <summary>Default format of a listing: <c>psFormat</c>, <c>imagesFormat</c>.</summary>
    public string? Format(string name) => Text(name);

    /// <summary>Environment variables for new containers from the <c>proxies</c> of a daemon, or of all (<c>default</c>).</summary>
    public IEnumerable<KeyValuePair<string, string>> ProxyVariables(string host)
    {
        if (_root is not { } settings || !settings.TryGetProperty("proxies", out var all) || all.ValueKind != JsonValueKind.Object)
            yield break;
        if (!all.TryGetProperty(host, out var proxy) && !all.TryGetProperty("default", out proxy))
            yield break;
        foreach (var (member, variable) in s_proxyMembers)
        {
            if (!proxy.TryGetProperty(member, out var value) || value.GetString() is not { Length: > 0 } text)
                continue;
            yield return new(variable, text);
            yield return new(variable.ToLowerInvariant(), text);
        }
    }

    public static ConfigFile Load(string folder, CliStreams streams)
    {
        string path = Path.Combine(folder, "config.json");
        try
        {
            if (!File.Exists(path))
                return new ConfigFile(null);
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return new ConfigFile(document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            string reason = exception is JsonException broken ? $"invalid JSON at line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}" : FileFailure.Reason(exception, path);
            streams.WriteErrorLine($"WARNING: Error loading config file: {path}: {reason}");
            return new ConfigFile(null);
        }
    }

    private string? Text(string name)
        => _root is { } settings && settings.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
