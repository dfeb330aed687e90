using Hafen.Cli.CommandLine;

namespace Hafen.Cli.Session;

/// <summary>Which daemon is meant: an address, a context, or (both null) the daemon of this machine.</summary>
/// <param name="Host">Address, or null.</param>
/// <param name="Context">Name of a context, or null.</param>
internal sealed record DaemonChoice(string? Host, string? Context)
{
    private const string DefaultContext = "default";

    /// <summary>What <c>version</c> and <c>info</c> call it.</summary>
    public string ContextName => Context ?? DefaultContext;

    /// <summary>
    /// Docker's order: a flag, then an address of the environment, then a context of the environment, then the one that
    /// <c>docker context use</c> made the current one.
    /// </summary>
    /// <param name="hosts">Values of <c>--host</c>.</param>
    /// <param name="contextFlag">Value of <c>--context</c>, or null.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="currentContext">The user's current context, asked for when nothing else decides.</param>
    /// <exception cref="CommandException">The flags contradict each other.</exception>
    public static DaemonChoice Make(IReadOnlyList<string> hosts, string? contextFlag, Func<string, string?> environment, Func<string?> currentContext)
    {
        if (hosts.Count > 0 && contextFlag is not null)
            throw new CommandException("conflicting options: cannot specify both --host and --context");
        if (hosts.Count > 1)
            throw new CommandException("Failed to initialize: unable to resolve hafen endpoint: Specify only one -H");
        if (hosts.Count == 1)
            return new DaemonChoice(hosts[0], null);
        string? host = First("HAFEN_HOST", "DOCKER_HOST");
        string? context = contextFlag ?? (host is not null ? null : First("HAFEN_CONTEXT", "DOCKER_CONTEXT") ?? currentContext());
        return context is null or "" or DefaultContext ? new DaemonChoice(host, null) : new DaemonChoice(null, context);

        string? First(params string[] names) => names.Select(environment).FirstOrDefault(value => !string.IsNullOrEmpty(value));
    }
}
