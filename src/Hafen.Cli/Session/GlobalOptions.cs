using Hafen.Cli.CommandLine;
using Hafen.Client.Endpoints;

namespace Hafen.Cli.Session;

/// <summary>The flags before the command's name.</summary>
internal sealed class GlobalOptions
{
    private static readonly string[] LogLevels = ["debug", "info", "warn", "error", "fatal"];
    private readonly Func<string, string?> environment;
    private readonly ListFlag<string> hosts;
    private readonly ValueFlag<string> config;
    private readonly ValueFlag<string> level;
    private readonly ValueFlag<bool> debug;
    private readonly ValueFlag<bool> tls;
    private readonly ValueFlag<bool> tlsVerify;
    private readonly ValueFlag<string> context;

    /// <param name="environment">Reads an environment variable.</param>
    public GlobalOptions(Func<string, string?> environment)
    {
        this.environment = environment;
        hosts = Flags.List("host", 'H', "Socket of the daemon to talk to");
        config = Flags.Text("config", '\0', "Folder of the client's configuration", shownDefault: $"\"{DefaultConfig}\"");
        debug = Flags.Switch("debug", 'D', "Show details of failures");
        level = Flags.Text("log-level", 'l', "Level of messages (\"debug\", \"info\", \"warn\", \"error\", \"fatal\")", "info");
        Version = Flags.Switch("version", 'v', "Print the version and quit");
        context = Flags.Text("context", 'c', "Name of a context", hidden: true);
        tls = Flags.Switch("tls", '\0', "Use TLS", hidden: true);
        tlsVerify = Flags.Switch("tlsverify", '\0', "Use TLS and verify the daemon", hidden: true);
        foreach (var name in (string[])["tlscacert", "tlscert", "tlskey"]) Flags.Text(name, '\0', "A TLS file", hidden: true);
    }

    public FlagSet Flags { get; } = new();

    /// <summary><c>--version</c> was given.</summary>
    public ValueFlag<bool> Version { get; }

    public bool Debug => debug.Value;

    /// <summary>Folder with <c>config.json</c>.</summary>
    public string ConfigFolder => config.Changed ? config.Value : DefaultConfig;

    private string DefaultConfig => environment("HAFEN_CONFIG") is { Length: > 0 } folder ? folder : Path.Combine(environment("HOME") ?? "/root", ".hafen");

    /// <summary>Complains about what this version cannot do, before anything happens.</summary>
    public void Check()
    {
        if (!LogLevels.Contains(level.Value)) throw new CommandException($"Unable to parse logging level: {level.Value}");
        if (tls.Value || tlsVerify.Value || environment("DOCKER_TLS_VERIFY") is { Length: > 0 })
            throw new CommandException("hafen: connections with TLS are not available in this version");
        if (context.Changed && context.Value != "default") throw new CommandException("hafen: contexts are not available in this version; use --host");
    }

    /// <summary>The daemon's address: the flag, HAFEN_HOST, DOCKER_HOST, or the default socket.</summary>
    public DaemonEndpoint Endpoint()
    {
        if (hosts.Values.Count > 1) throw new CommandException("Specify only one -H");
        var text = hosts.Values.Count == 1 ? hosts.Values[0]
            : environment("HAFEN_HOST") is { Length: > 0 } own ? own
            : environment("DOCKER_HOST") is { Length: > 0 } docker ? docker
            : DaemonEndpoint.Default;
        try
        {
            return DaemonEndpoint.Parse(text);
        }
        catch (FormatException refusal)
        {
            throw new CommandException($"Failed to initialize: unable to resolve hafen endpoint: {refusal.Message}");
        }
    }
}
