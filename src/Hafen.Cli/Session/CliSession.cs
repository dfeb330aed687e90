using Hafen.Api;
using Hafen.Cli.CommandLine;
using Hafen.Client;
using Hafen.Client.Endpoints;
using Hafen.Client.Http;

namespace Hafen.Cli.Session;

/// <summary>What a command works with: the streams, the options before it, the daemon.</summary>
internal sealed class CliSession : IDisposable
{
    private readonly Func<string, string?> _environment;
    private EngineClient? _client;
    private ConfigFile? _config;
    private DaemonChoice? _daemon;
    private DaemonEndpoint? _endpoint;

    public CliSession(CliStreams streams, GlobalOptions options, Func<string, string?> environment)
    {
        Streams = streams;
        Options = options;
        this._environment = environment;
    }

    public CliStreams Streams { get; }

    public GlobalOptions Options { get; }

    /// <summary>The daemon's API. No connection is made before the first call.</summary>
    public EngineClient Client => _client ??= NewClient();

    /// <summary>The user's settings.</summary>
    public ConfigFile Config => _config ??= ConfigFile.Load(Options.ConfigFolder, Streams);

    /// <summary>Which daemon is meant.</summary>
    public DaemonChoice Daemon => _daemon ??= Options.Daemon(() => Config.CurrentContext);

    /// <summary>Where it listens.</summary>
    /// <exception cref="CommandException">It cannot be reached by this version.</exception>
    public DaemonEndpoint Endpoint => _endpoint ??= Options.Endpoint(Daemon);

    public string? Environment(string name) => _environment(name);

    /// <summary>A client of its own, for another thread.</summary>
    public EngineClient NewClient()
    {
        string? pinned = Environment("HAFEN_API_VERSION") is { Length: > 0 } own ? own : Environment("DOCKER_API_VERSION");
        if (string.IsNullOrEmpty(pinned))
            return new EngineClient(Endpoint);
        return ApiVersion.TryParse(pinned.TrimStart('v'), out var version)
            ? new EngineClient(Endpoint, version)
            : throw new CommandException($"Failed to initialize: invalid API version: {pinned}");
    }

    public void Dispose() => _client?.Dispose();
}
