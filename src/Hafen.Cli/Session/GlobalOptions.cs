using Hafen.Cli.CommandLine;
using Hafen.Client.Endpoints;

namespace Hafen.Cli.Session;

/// <summary>The flags before the command's name.</summary>
internal sealed class GlobalOptions
{
    private static readonly string[] s_logLevels = ["debug", "info", "warn", "error", "fatal"];
    private static readonly (string Scheme, string What)[] s_unavailable = [("ssh://", "over ssh"), ("https://", "with TLS"), ("npipe://", "over named pipes")];
    private readonly Func<string, string?> _environment;
    private readonly ListFlag<string> _hosts;
    private readonly ValueFlag<string> _config;
    private readonly ValueFlag<string> _level;
    private readonly ValueFlag<bool> _debug;
    private readonly ValueFlag<bool> _tls;
    private readonly ValueFlag<bool> _tlsVerify;
    private readonly ValueFlag<string> _context;

    /// <param name="environment">Reads an environment variable.</param>
    public GlobalOptions(Func<string, string?> environment)
    {
        this._environment = environment;
        _hosts = Flags.List("host", 'H', "Socket of the daemon to talk to");
        _config = Flags.Text("config", '\0', "Folder of the client's configuration", shownDefault: $"\"{DefaultConfig}\"");
        _debug = Flags.Switch("debug", 'D', "Show details of failures");
        _level = Flags.Text("log-level", 'l', "Level of messages (\"debug\", \"info\", \"warn\", \"error\", \"fatal\")", "info");
        Version = Flags.Switch("version", 'v', "Print the version and quit");
        _context = Flags.Text("context", 'c', "Context of docker's that names the daemon (overrides DOCKER_HOST and the current context)");
        _tls = Flags.Switch("tls", '\0', "Use TLS", hidden: true);
        _tlsVerify = Flags.Switch("tlsverify", '\0', "Use TLS and verify the daemon", hidden: true);
        foreach (string name in (string[])["tlscacert", "tlscert", "tlskey"])
            Flags.Text(name, '\0', "A TLS file", hidden: true);
    }

    public FlagSet Flags { get; } = new();

    /// <summary><c>--version</c> was given.</summary>
    public ValueFlag<bool> Version { get; }

    public bool Debug => _debug.Value;

    /// <summary>
    /// Folder with <c>config.json</c> and the contexts: the one that is named, else the user's own for hafen, else docker's, so that who comes
    /// from docker keeps formats, detach keys, proxies and contexts.
    /// </summary>
    public string ConfigFolder => _config.Changed ? _config.Value : DefaultConfig;

    private string DefaultConfig
    {
        get
        {
            if (_environment("HAFEN_CONFIG") is { Length: > 0 } named)
                return named;
            string home = _environment("HOME") ?? "/root";
            string own = Path.Combine(home, ".hafen");
            if (File.Exists(Path.Combine(own, "config.json")))
                return own;
            return _environment("DOCKER_CONFIG") is { Length: > 0 } docker ? docker : Path.Combine(home, ".docker");
        }
    }

    /// <summary>Complains about options that have no such value, before anything happens.</summary>
    public void Check()
    {
        if (!s_logLevels.Contains(_level.Value))
            throw new CommandException($"Unable to parse logging level: {_level.Value}");
    }

    /// <summary>The daemon that is meant.</summary>
    /// <param name="currentContext">The user's current context, or null.</param>
    public DaemonChoice Daemon(Func<string?> currentContext)
        => DaemonChoice.Make(_hosts.Values, _context.Changed ? _context.Value : null, _environment, currentContext);

    /// <summary>The address of a daemon.</summary>
    /// <exception cref="CommandException">There is none, or it can only be reached in a way that this version has not.</exception>
    public DaemonEndpoint Endpoint(DaemonChoice choice)
    {
        if (_tls.Value || _tlsVerify.Value || _environment("DOCKER_TLS_VERIFY") is { Length: > 0 } || _environment("DOCKER_TLS") is { Length: > 0 })
            throw new CommandException("hafen: connections with TLS are not available in this version");
        string? text = choice.Context is { } name ? ContextStore.HostOf(ConfigFolder, name) : choice.Host;
        if (string.IsNullOrEmpty(text) || text == "unix://")
            text = DaemonEndpoint.Default;
        foreach (var (scheme, what) in s_unavailable)
        {
            if (text.StartsWith(scheme, StringComparison.Ordinal))
                throw new CommandException($"hafen: connections {what} are not available in this version: {text}");
        }
        try
        {
            return DaemonEndpoint.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new CommandException($"Failed to initialize: unable to resolve hafen endpoint: {exception.Message}");
        }
    }
}
